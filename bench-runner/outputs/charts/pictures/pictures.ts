// The picture of each chart of the page: the runner writes its words, the browser draws it.

import type { ChartSpec } from "../../chart-page/chart-page.ts";
import type { Picture } from "../report/chart.ts";
import { toBarsPicture } from "./bars.ts";
import { toLinesPicture } from "./lines.ts";

export function toPicture(chart: ChartSpec): Picture {
  return chart.kind === "lines" ? toLinesPicture(chart) : toBarsPicture(chart);
}
