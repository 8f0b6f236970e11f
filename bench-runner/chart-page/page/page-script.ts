// The own script of a page of charts: draws them, each into its place.
import { listenForCopy } from "../../report-page/page/copy.ts";
import { readPageData, sayReady, showCharts } from "../../report-page/page/live-charts.ts";
import type { ChartSpec } from "../chart-page.ts";
import { toPicture } from "./pictures.ts";

showCharts(readPageData<ChartSpec[]>().map(toPicture));
listenForCopy();
sayReady();
