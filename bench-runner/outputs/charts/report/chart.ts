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
  rows: (string | LinkedText)[][];
}

/** A text that leads somewhere. */
export interface LinkedText {
  text: string;
  href: string;
}

/** A chart of any page. */
export interface Picture {
  /** Of its element in the page. */
  id: string;
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
  /** [series, data item] in the order in which the arrow keys go; without it those of the first series. */
  stops?(): [seriesIndex: number, dataIndex: number][];
  /** Where a click on a value leads, if anywhere. */
  hrefOf?(seriesIndex: number, dataIndex: number): string | undefined;
}

/** A chart of the report. */
export interface Chart extends Picture {
  section: Section;
}
