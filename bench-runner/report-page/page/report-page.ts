// The report's own script: draws its charts and copies its texts.
import type { ReportData } from "../report-data.ts";
import { toCharts } from "./charts/all-charts.ts";
import { listenForCopy } from "./copy.ts";
import { readPageData, sayReady, showCharts } from "./live-charts.ts";

showCharts(toCharts(readPageData<ReportData>()));
listenForCopy();
sayReady();
