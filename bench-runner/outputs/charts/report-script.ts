// The report's own script: draws its charts and copies its texts.
import type { ReportData } from "../../summary/series/report-data.ts";
import { readPageData, startPage } from "./page/charts-in-view.ts";
import { toReportCharts } from "./report/report-charts.ts";

startPage(Object.values(toReportCharts(readPageData<ReportData>())).flat());
