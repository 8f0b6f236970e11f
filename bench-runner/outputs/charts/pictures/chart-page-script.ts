// The own script of a page of charts: draws them, each into its place.

import type { ChartSpec } from "../../chart-page/chart-page.ts";
import { readPageData, sayReady, showCharts } from "../charts-in-view.ts";
import { listenForCopy } from "../copy.ts";
import { toPicture } from "./pictures.ts";

showCharts(readPageData<ChartSpec[]>().map(toPicture));
listenForCopy();
sayReady();
