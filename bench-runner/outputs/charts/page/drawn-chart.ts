// A chart drawn into its element, and drawn again when theme or width change.
import { BarChart, CustomChart, LineChart, ScatterChart } from "echarts/charts";
import {
  AriaComponent,
  GridComponent,
  LegendPlainComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TitleComponent,
  TooltipComponent,
} from "echarts/components";
import { type EChartsType, init, use } from "echarts/core";
import { LabelLayout } from "echarts/features";
import { SVGRenderer } from "echarts/renderers";
import type { ChartSpec } from "../chart-spec.ts";
import { toPicture } from "../pictures/chart-kinds.ts";
import type { Picture, Stop } from "../pictures/picture.ts";
import type { Theme } from "../theme.ts";

// SVG stays sharp in print and at any zoom.
use([BarChart, CustomChart, LineChart, ScatterChart, LabelLayout, SVGRenderer]);
use([
  AriaComponent,
  GridComponent,
  LegendPlainComponent,
  MarkAreaComponent,
  MarkLineComponent,
  TitleComponent,
  TooltipComponent,
]);

export class DrawnChart {
  readonly #picture: Picture;
  readonly #place: HTMLElement;
  #drawing: EChartsType | undefined;
  #drawnFor = "";
  #at = -1;

  constructor(chart: ChartSpec, place: HTMLElement) {
    this.#picture = toPicture(chart);
    this.#place = place;
    place.addEventListener("keydown", (event) => this.#walk(event));
  }

  get isDrawn(): boolean {
    return this.#drawing !== undefined;
  }

  /** @param width in CSS pixels; for print, another than that of the element */
  draw(theme: Theme, width: number = this.#place.clientWidth): void {
    const state = `${theme.name} ${width}`;
    if (width === 0 || state === this.#drawnFor) return;
    this.#drawnFor = state;
    const height = this.#picture.heightAt(width);
    this.#place.style.height = `${height}px`;
    this.#drawing ??= this.#begin(width, height);
    this.#drawing.resize({ width, height });
    this.#drawing.setOption(this.#picture.option({ theme, width }), { notMerge: true });
    this.#place.dataset.drawn = theme.name;
  }

  #begin(width: number, height: number): EChartsType {
    const drawing = init(this.#place, null, { width, height });
    drawing.on("click", ({ seriesIndex = 0, dataIndex }) => this.#open([seriesIndex, dataIndex]));
    return drawing;
  }

  /** The arrow keys go from value to value, as a pointer would; Enter opens what a click would. */
  #walk(event: KeyboardEvent): void {
    if (this.#drawing === undefined) return;
    const stops = this.#picture.stops();
    if (event.key === "Enter") this.#open(stops[this.#at]);
    const step = { ArrowRight: 1, ArrowLeft: -1, Escape: 0 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    this.#at = step === 0 ? this.#at : Math.min(stops.length - 1, Math.max(0, this.#at + step));
    const stop = stops[this.#at];
    if (step === 0 || stop === undefined) this.#drawing.dispatchAction({ type: "hideTip" });
    else this.#drawing.dispatchAction({ type: "showTip", seriesIndex: stop[0], dataIndex: stop[1] });
  }

  #open(stop: Stop | undefined): void {
    const href = stop && this.#picture.hrefOf?.(...stop);
    if (href !== undefined) location.assign(href);
  }
}
