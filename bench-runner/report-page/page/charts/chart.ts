// What a chart of the report is: words that say what it shows, a picture, and the same numbers as a table.
import type { EChartsOption } from "echarts";
import type { Theme } from "../theme.ts";

export type Section = "latency" | "time" | "failures" | "prompts" | "queueing" | "machine" | "slowest";

/** How much room and which colours the picture has. */
export interface Look {
  theme: Theme;
  /** Of the chart, in CSS pixels. */
  width: number;
}

export interface ChartTable {
  columns: string[];
  rows: string[][];
}

export interface Chart {
  /** Of its element in the page. */
  id: string;
  section: Section;
  title: string;
  /** The main finding in one or two sentences: for the caption, and for who cannot see the picture. */
  finding: string;
  /** How to read it, where that is not plain. */
  legend?: string;
  /** CSS pixels. */
  height: number;
  /** The whole width of the page. */
  isWide?: boolean;
  option(look: Look): EChartsOption;
  table(): ChartTable;
}
