// A page of charts as plain data: sections of words, tables and charts, for comparisons of several runs.
import type { ChartSpec } from "../charts/chart-spec.ts";
import type { Html } from "../html.ts";

export interface ChartPage {
  title: string;
  subtitle?: string;
  /** The page's answer, if it has one; `ok` undefined: nothing was judged. */
  verdict?: { ok: boolean | undefined; text: string };
  /** In the order of the page, which lists them at its top. */
  sections: Section[];
}

export interface Section {
  /** The id of its element: letters, digits and hyphens, unique in the page. */
  id: string;
  heading: string;
  intro?: string;
  html?: Html;
  charts?: ChartSpec[];
}
