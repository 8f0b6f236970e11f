// What a page of charts is made of: sections of words, lines and bars, for whatever compares several runs.
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

export type ChartSpec = LinesChart | BarsChart;

export interface Axis {
  title: string;
  /** One of lib/core/units.ts is formatted as everywhere ("ms", "share", "bytes", …); any other stands behind the number. */
  unit?: string;
  /** `log`: values of 0 or less have no place there and are left out. Default: linear. */
  scale?: "linear" | "log";
}

interface ChartWords {
  /** Of its element: letters, digits and hyphens, not used by another section or chart. */
  id: string;
  title: string;
  /** What it shows, in a sentence or two: the caption, and what a screen reader says of the picture. */
  description: string;
  /** How to read it, where that is not plain. */
  legend?: string;
  /** The whole width of the page. */
  isWide?: boolean;
}

export interface LinesChart extends ChartWords {
  kind: "lines";
  x: Axis;
  y: Axis;
  series: LinesSeries[];
  /** Lines across the chart at one value of an axis, such as a limit. */
  marks?: ChartMark[];
}

export interface LinesSeries {
  name: string;
  /** In the order in which the line goes. */
  points: LinePoint[];
  /** `step`: a value holds until the next point. `none`: points alone. Default: straight. */
  line?: "straight" | "step" | "none";
  dashed?: boolean;
}

export interface LinePoint {
  x: number;
  /** Undefined: not known, and the line is broken there. */
  y: number | undefined;
  /** Said in the point's tooltip and in the table of numbers; a short one beside the point, too. */
  label?: string;
  /** Where a click on the point, or its link in the table of numbers, leads: relative to the page. */
  href?: string;
  /** Ends of a whisker: an interval or a range around y. */
  low?: number;
  high?: number;
}

export interface ChartMark {
  axis: "x" | "y";
  at: number;
  label: string;
}

export interface BarsChart extends ChartWords {
  kind: "bars";
  y: Axis;
  categories: string[];
  series: BarsSeries[];
}

/** One bar a category; undefined is a gap, never 0. */
export interface BarsSeries {
  name: string;
  values: (number | undefined)[];
  /** Ends of the bars' whiskers. */
  low?: (number | undefined)[];
  high?: (number | undefined)[];
  /** Where a click on a bar, or its link in the table of numbers, leads: relative to the page. */
  hrefs?: (string | undefined)[];
}
