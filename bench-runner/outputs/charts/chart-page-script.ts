// The own script of a page of charts: draws them, each into its place.
import type { ChartSpec } from "./chart-spec.ts";
import { readPageData, startPage } from "./page/charts-in-view.ts";

startPage(readPageData<ChartSpec[]>());
