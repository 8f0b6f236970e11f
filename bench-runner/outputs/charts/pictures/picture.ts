// What a page asks of each kind of chart: its height, its ECharts option, its numbers as a table, its values for the keyboard.
import type { EChartsOption } from "echarts";
import type { Theme } from "../theme.ts";

/** How much room and which colours a picture has. */
export interface Look {
  theme: Theme;
  /** The chart's width, in CSS pixels. */
  width: number;
}

export interface ChartTable {
  columns: string[];
  rows: (string | LinkedText)[][];
}

export interface LinkedText {
  text: string;
  href: string;
}

export type Stop = [seriesIndex: number, dataIndex: number];

export interface Picture {
  /** CSS pixels, in a chart of this width: a narrow one has more rows of legend. */
  heightAt(width: number): number;
  option(look: Look): EChartsOption;
  table(): ChartTable;
  /** Values in the order in which the arrow keys visit them. */
  stops(): Stop[];
  /** Where a click on a value leads, if anywhere. */
  hrefOf?(...stop: Stop): string | undefined;
}
