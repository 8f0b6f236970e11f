// What a chart is, as plain data: the runner writes it, a page draws it, and its table of numbers follows from it.

export type ChartSpec = LinesChart | BarsChart | DistributionChart | ScatterChart | TimelineChart;

interface ChartWords {
  /** The id of its element: letters, digits and hyphens, unique in the page. */
  id: string;
  title: string;
  /** The main finding in one or two sentences: the caption, and what a screen reader says of the picture. */
  description: string;
  /** How to read it, where that is not plain. */
  legend?: string;
  /** The whole width of the page. */
  isWide?: boolean;
}

export interface Axis {
  title: string;
  /**
   * One of lib/core/units.ts is formatted as everywhere ("ms", "share", "bytes", …). `clock`: seconds since the load began, as
   * m:ss. `time of day`: Unix milliseconds. Any other text follows the number.
   */
  unit?: string;
  /** `log`: values of 0 or less have no place there and are left out. Default: linear. */
  scale?: "linear" | "log";
  /** Where the axis begins and ends at the latest. Without them it reaches as far as its values. */
  min?: number;
  max?: number;
  /** Heading of its column in the table of numbers. Default: the title. */
  column?: string;
  /** Each position is the middle of an interval of this length; the table of numbers has where the interval begins. */
  interval?: number;
}

/** Position among the theme's colours; `bad` is the colour of failures. */
export type SeriesColour = number | "bad";

/** A stretch of the horizontal axis that differs from the rest, such as the warm-up. */
export interface Shade {
  label: string;
  from: number;
  to: number;
  /** In the colour of failures. */
  isBad?: boolean;
}

/** Lines or points, with whiskers at the points that have both ends. */
export interface LinesChart extends ChartWords {
  kind: "lines";
  x: Axis;
  y: Axis;
  series: LinesSeries[];
  /** Lines across the chart at one value of an axis, such as a limit. */
  marks?: ChartMark[];
  shades?: Shade[];
  /** CSS pixels. */
  height?: number;
  /** The tooltip shows the values of all lines at one position, and so does a row of the table. */
  isReadAcross?: boolean;
}

export interface LinesSeries {
  name: string;
  /** In the order in which the line goes. */
  points: LinePoint[];
  /** `step`: a value holds until the next point. `none`: points alone. Default: straight. */
  line?: "straight" | "step" | "none";
  dashed?: boolean;
  /** Its positions are moments of their own, on an axis whose others are middles of intervals. */
  isExact?: boolean;
  /** The area below it, down to 0. */
  isFilled?: boolean;
  /** Default: its place among the series. */
  colour?: SeriesColour;
}

export interface LinePoint {
  x: number;
  /** Undefined: not known, and the line is broken there. */
  y: number | undefined;
  /** In the point's tooltip and in the table of numbers; a short one next to the point, too. */
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

/** Grouped or stacked bars, with whiskers at the bars that have both ends. */
export interface BarsChart extends ChartWords {
  kind: "bars";
  y: Axis;
  categories: string[];
  series: BarsSeries[];
  /** The categories are intervals of this axis, side by side from its `min` on, `interval` each. */
  x?: Axis & { min: number; interval: number };
  /** Only where the categories are intervals. */
  shades?: Shade[];
  isStacked?: boolean;
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
  /** Default: its place among the series. */
  colour?: SeriesColour;
}

/** A histogram of milliseconds above, the share at or below each value under it; percentiles are marked in both. */
export interface DistributionChart extends ChartWords {
  kind: "distribution";
  /** What the bins count: "requests". */
  counted: string;
  isLog: boolean;
  /** Adjoining, ascending: [from, to, count]. */
  bins: [fromMs: number, toMs: number, count: number][];
  /** Ascending. */
  cdf: [ms: number, share: number][];
  marks: DistributionMark[];
}

export interface DistributionMark {
  name: string;
  share: number;
  ms: number;
  /** The lower end, where the percentile is known only as a range; `ms` is then the upper one. */
  lowerMs?: number;
  /** Too few values to be certain of it. */
  isUncertain: boolean;
  /** The value that the true percentile does not exceed. */
  certifiedMs?: number;
}

/** Many points, each for one value or for several that are about the same. */
export interface ScatterChart extends ChartWords {
  kind: "scatter";
  x: Axis;
  y: Axis;
  /** What the points count: "requests". */
  counted: string;
  points: [x: number, y: number, count: number][];
}

/** What happened when, in milliseconds since each row's own start. */
export interface TimelineChart extends ChartWords {
  kind: "timeline";
  /** Title of the time axis. */
  axis: string;
  /** Parts that the rows consist of, in the order in which they follow each other. */
  parts: readonly string[];
  rows: TimelineRow[];
  /** Headings of the facts in the table of numbers, that of the row's name first. */
  columns: string[];
}

export interface TimelineRow {
  name: string;
  /** One for each column after the first. */
  facts: string[];
  /** Lines of the tooltip above those of the spans. */
  notes: string[];
  spans: { part: string; from: number; to: number }[];
  /** Moments with a stroke of their own. */
  ticks: number[];
  /** How the row failed, in a word. */
  fault?: { at: number; label: string };
}
