// The headline of a run: its figures in one line, and its verdicts. Pure.
import { formatNumber, toDigits } from "../../../lib/core/units.ts";
import { markEstimated } from "../../summary/estimated.ts";
import { findFigure } from "../../summary/figures.ts";
import { nameGates, toGates } from "../../summary/judge/gates.ts";
import { showValue } from "../../summary/show-figure.ts";
import { toMainSource } from "../../summary/stamp-sources.ts";
import type { Summary } from "../../summary/summary.ts";

export interface Headline {
  figures: string[];
  /** What of the load changes how all figures are read, a sentence each. */
  remarks: string[];
  verdicts: { kind: "good" | "bad" | "warning"; text: string }[];
}

/** Times that were taken when k6 read are marked as such. */
export function sayReadTime({ precision }: Pick<Summary, "precision">): string {
  return toMainSource(precision.stamps) === "user" ? " by read time" : "";
}

export function toHeadline(summary: Summary): Headline {
  const { requests, metrics, warnings } = summary;
  const complete = formatNumber(requests.byVerdict.complete ?? 0, "count");
  const [name, time] = metrics.ttft ? (["TTFT", "ttft"] as const) : (["E2E", "e2e"] as const);
  const { short } = findFigure("goodput");
  const goodput = showValue("goodput", summary);
  const figures = [
    `${complete} of ${formatNumber(requests.measured, "count")} complete`,
    metrics[time] &&
      `${name} ${showValue(`${time}.median`, summary)}, p99 ${showValue(`${time}.p99`, summary)}${sayReadTime(summary)}`,
    ...(["outputTokensPerSecond", "requestsPerSecond"] as const).map((key) => {
      const { short, unit, of } = findFigure(key);
      const value = of(summary);
      return value === undefined
        ? undefined
        : `${formatNumber(value, unit)} ${short}${markEstimated(key, summary)}`;
    }),
    goodput === "" ? undefined : `${short} ${goodput}`,
  ];
  const gates = toGates(summary);
  const failed = gates.filter(({ ok, uncertain }) => !ok && !uncertain).length;
  const uncertain = gates.filter((gate) => gate.uncertain).length;
  const verdicts: Headline["verdicts"] = [];
  if ((requests.byVerdict.complete ?? 0) === 0) {
    verdicts.push({ kind: "bad", text: "✗ no request completed" });
  }
  if (failed > 0)
    verdicts.push({
      kind: "bad",
      text: `✗ ${failed} of ${gates.length} ${nameGates(summary, gates.length)} FAILED`,
    });
  if (uncertain > 0)
    verdicts.push({
      kind: "bad",
      text: `? ${uncertain} of ${gates.length} ${nameGates(summary, gates.length)} UNCERTAIN`,
    });
  if (failed + uncertain === 0 && gates.length > 0)
    verdicts.push({ kind: "good", text: `✓ every ${nameGates(summary, 1)} passed` });
  if (warnings.some(({ code }) => code === "client_starved")) {
    verdicts.push({
      kind: "bad",
      text: "! the client was starved: give it packet stamps, a machine of its own, or fewer clients",
    });
  }
  if (warnings.length > 0) {
    const many = warnings.length === 1 ? "1 warning" : `${warnings.length} warnings`;
    verdicts.push({ kind: "warning", text: `! ${many}, at the end` });
  }
  return { figures: figures.filter((text) => text !== undefined), remarks: toRemarks(summary), verdicts };
}

/** "Clients pause 0.3 s after each request (`--sleep`)"; undefined where they do not. */
export function describePause({ configuration }: Pick<Summary, "configuration">): string | undefined {
  const { sleep } = configuration.values;
  // In an open loop the schedule alone decides when a request leaves.
  if (configuration.kind === "open" || typeof sleep !== "number" || sleep === 0) return undefined;
  return `Clients pause ${toDigits(sleep, 3)} s after each request (\`--sleep\`)`;
}

function toRemarks(summary: Summary): string[] {
  const pause = describePause(summary);
  return pause === undefined ? [] : [`${pause}: throughput is less than the server could give.`];
}
