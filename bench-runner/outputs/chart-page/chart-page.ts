// What a page of charts is made of: sections of words, lines and bars, for whatever compares several runs.
import type { ChartSpec } from "../charts/chart-spec.ts";
import type { Html } from "../html.ts";

export interface ChartPage {
  title: string;
  subtitle?: string;
  /** The answer that the page gives, where it gives one; `ok` undefined: nothing was judged. */
  verdict?: { ok: boolean | undefined; text: string };
  /** In their order; each is in the page's list of sections. */
  sections: Section[];
}

export interface Section {
  /** Of its element: letters, digits and hyphens, not used by another section or chart. */
  id: string;
  heading: string;
  intro?: string;
  html?: Html;
  charts?: ChartSpec[];
}
