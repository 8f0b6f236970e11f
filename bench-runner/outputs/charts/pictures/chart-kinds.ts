// The picture of a chart of any kind: the runner writes its words, the browser draws it.
import type { ChartSpec } from "../chart-spec.ts";
import { toBarsPicture } from "./bars.ts";
import { toDistributionPicture } from "./distribution.ts";
import { toLinesPicture } from "./lines.ts";
import type { Picture } from "./picture.ts";
import { toScatterPicture } from "./scatter.ts";
import { toTimelinePicture } from "./timeline.ts";

export function toPicture(chart: ChartSpec): Picture {
  switch (chart.kind) {
    case "lines":
      return toLinesPicture(chart);
    case "bars":
      return toBarsPicture(chart);
    case "distribution":
      return toDistributionPicture(chart);
    case "scatter":
      return toScatterPicture(chart);
    case "timeline":
      return toTimelinePicture(chart);
  }
}
