// Draws a chart into its place, and again when theme or width change.
import { BarChart, CustomChart, LineChart, ScatterChart } from "echarts/charts";
import {
  AriaComponent,
  GridComponent,
  LegendPlainComponent,
  LegendScrollComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
} from "echarts/components";
import { type EChartsType, init, use } from "echarts/core";
import { LabelLayout } from "echarts/features";
import { SVGRenderer } from "echarts/renderers";
import type { Picture } from "./report/chart.ts";
import type { Theme } from "./theme.ts";

// SVG stays sharp in print and at any zoom.
use([BarChart, CustomChart, LineChart, ScatterChart, LabelLayout, SVGRenderer]);
use([
  AriaComponent,
  GridComponent,
  LegendPlainComponent,
  LegendScrollComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TooltipComponent,
]);

export class DrawnChart {
  readonly #chart: Picture;
  readonly #place: HTMLElement;
  #picture: EChartsType | undefined;
  #drawnFor = "";

  constructor(chart: Picture, place: HTMLElement) {
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
    this.#picture ??= this.#begin(width);
    this.#picture.resize({ width, height: this.#chart.height });
    this.#picture.setOption(this.#chart.option({ theme, width }), { notMerge: true });
    this.#place.dataset.drawn = theme.name;
  }

  #begin(width: number): EChartsType {
    const picture = init(this.#place, null, { width, height: this.#chart.height });
    picture.on("click", ({ seriesIndex = 0, dataIndex }) => this.#open(seriesIndex, dataIndex));
    return picture;
  }

  #at = -1;

  /** The arrow keys go from value to value, as a pointer would; Enter opens what a click would. */
  #walk(event: KeyboardEvent): void {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (this.#picture === undefined) return;
    if (event.key === "Enter" && this.#at >= 0) this.#open(...this.#stop());
    if (step === undefined && event.key !== "Escape") return;
    event.preventDefault();
    if (step === undefined) {
      this.#picture.dispatchAction({ type: "hideTip" });
      return;
    }
    const last = (this.#chart.stops?.().length ?? Number.POSITIVE_INFINITY) - 1;
    this.#at = Math.min(last, Math.max(0, this.#at + step));
    const [seriesIndex, dataIndex] = this.#stop();
    this.#picture.dispatchAction({ type: "showTip", seriesIndex, dataIndex });
  }

  #stop(): [seriesIndex: number, dataIndex: number] {
    return this.#chart.stops?.()[this.#at] ?? [0, this.#at];
  }

  #open(seriesIndex: number, dataIndex: number): void {
    const href = this.#chart.hrefOf?.(seriesIndex, dataIndex);
    if (href !== undefined) location.assign(href);
  }
}
