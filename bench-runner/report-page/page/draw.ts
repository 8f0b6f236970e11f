// Draws a chart into its place, and again when theme or width change.
import { BarChart, CustomChart, LineChart, ScatterChart } from "echarts/charts";
import {
  AriaComponent,
  GridComponent,
  LegendPlainComponent,
  LegendScrollComponent,
  MarkAreaComponent,
  TooltipComponent,
} from "echarts/components";
import { type EChartsType, init, use } from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import type { Chart } from "./charts/chart.ts";
import type { Theme } from "./theme.ts";

// SVG stays sharp in print and at any zoom.
use([BarChart, CustomChart, LineChart, ScatterChart, SVGRenderer]);
use([
  AriaComponent,
  GridComponent,
  LegendPlainComponent,
  LegendScrollComponent,
  MarkAreaComponent,
  TooltipComponent,
]);

export class DrawnChart {
  readonly #chart: Chart;
  readonly #place: HTMLElement;
  #picture: EChartsType | undefined;
  #drawnFor = "";

  constructor(chart: Chart, place: HTMLElement) {
    this.#chart = chart;
    this.#place = place;
    place.addEventListener("keydown", (event) => this.#walk(event));
  }

  get isDrawn(): boolean {
    return this.#picture !== undefined;
  }

  /** @param width another one than that of its place, for print */
  draw(theme: Theme, width: number = this.#place.clientWidth): void {
    const state = `${theme.name} ${width}`;
    if (width === 0 || state === this.#drawnFor) return;
    this.#drawnFor = state;
    this.#picture ??= init(this.#place, null, { width, height: this.#chart.height });
    this.#picture.resize({ width, height: this.#chart.height });
    this.#picture.setOption(this.#chart.option({ theme, width }), { notMerge: true });
    this.#place.dataset.drawn = theme.name;
  }

  #at = -1;

  /** The arrow keys go from value to value, as a pointer would. */
  #walk(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (this.#picture === undefined || (step === undefined && event.key !== "Escape")) return;
    event.preventDefault();
    if (step === undefined) {
      this.#picture.dispatchAction({ type: "hideTip" });
      return;
    }
    this.#at = Math.max(0, this.#at + step);
    this.#picture.dispatchAction({ type: "showTip", seriesIndex: 0, dataIndex: this.#at });
  }
}
