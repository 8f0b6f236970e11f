// The report's own script: draws its charts and copies its texts.
import type { ReportData } from "../../summary/series/report-data.ts";
import { readPageData, sayReady, showCharts } from "./charts-in-view.ts";
import { listenForCopy } from "./copy.ts";
import { toCharts } from "./report/all-charts.ts";

showCharts(toCharts(readPageData<ReportData>()));
listenForCopy();
sayReady();
