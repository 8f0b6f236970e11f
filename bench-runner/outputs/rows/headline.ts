// The headline of a run: its figures in one line, and its verdicts. Pure.
import { formatNumber, toDigits } from "../../../lib/core/units.ts";
import { markEstimated } from "../../summary/estimated.ts";
import { findFigure } from "../../summary/figures.ts";
import { type Gate, nameGates, toGates } from "../../summary/judge/gates.ts";
import { showValue } from "../../summary/show-figure.ts";
import { toMainSource } from "../../summary/stamp-sources.ts";
import type { Summary } from "../../summary/summary.ts";
import { describeGoal, findShortfalls } from "./shortfalls.ts";

export interface Headline {
  figures: string[];
  /** What of the load changes how all figures are read, a sentence each. */
  remarks: string[];
  /** `note`: neither good nor bad by itself. */
  verdicts: { kind: "good" | "bad" | "warning" | "note"; text: string }[];
  /** "3 warnings"; undefined without one. */
  warnings: string | undefined;
}

/** Times that were taken when k6 read are marked as such. */
export function sayReadTime({ precision }: Pick<Summary, "precision">): string {
  return toMainSource(precision.stamps) === "user" ? " by read time" : "";
}

export function toHeadline(summary: Summary): Headline {
  const { requests, metrics, warnings } = summary;
  const complete = formatNumber(requests.byVerdict.complete ?? 0, "count");
  const [name, time] = metrics.ttft ? (["TTFT", "ttft"] as const) : (["E2E", "e2e"] as const);
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
    describeGoal(summary),
  ];
  return {
    figures: figures.filter((text) => text !== undefined),
    remarks: toRemarks(summary),
    verdicts: toVerdicts(summary),
    warnings:
      warnings.length === 0 ? undefined : warnings.length === 1 ? "1 warning" : `${warnings.length} warnings`,
  };
}

/** A passed gate is good only where nothing else fell short. */
function toVerdicts(summary: Summary): Headline["verdicts"] {
  const gates = toGates(summary);
  const failed = gates.filter(({ ok, uncertain }) => !ok && !uncertain);
  const doubts = gates.filter(({ uncertain }) => uncertain);
  const shortfalls = findShortfalls(summary);
  const ofAll = (some: readonly Gate[]) =>
    `${some.length} of ${gates.length} ${nameGates(summary, gates.length)}`;
  const verdicts: Headline["verdicts"] = [];
  if ((summary.requests.byVerdict.complete ?? 0) === 0) {
    verdicts.push({ kind: "bad", text: "✗ no request completed" });
  }
  if (failed.length > 0)
    verdicts.push({ kind: "bad", text: `✗ ${ofAll(failed)} FAILED: ${listGates(failed)}` });
  if (doubts.length > 0)
    verdicts.push({ kind: "bad", text: `? ${ofAll(doubts)} UNCERTAIN: ${listGates(doubts)}` });
  if (failed.length + doubts.length === 0 && gates.length > 0) {
    const isClean = shortfalls.length === 0 && !summary.run.partial;
    // The default thresholds say little, and their names less.
    const asked = gates.filter(({ found }) => found !== undefined);
    const all = asked.length === 0 ? "" : `: ${listGates(asked)}`;
    verdicts.push({
      kind: isClean ? "good" : "note",
      text: `✓ every ${nameGates(summary, 1)} passed${all}`,
    });
  }
  verdicts.push(...shortfalls.map(({ text }) => ({ kind: "warning" as const, text: `! ${text}` })));
  if (summary.run.partial) {
    const reason = summary.run.partialReason ?? "it was stopped";
    verdicts.push({ kind: "warning", text: `! the run did not reach its planned end: ${reason}` });
  }
  if (summary.warnings.some(({ code }) => code === "client_starved")) {
    verdicts.push({
      kind: "bad",
      text: "! the client was starved: give it packet stamps, a machine of its own, or fewer clients",
    });
  }
  return verdicts;
}

const MOST_GATES = 3;

/** "ttft.p95 < 500ms (612.3 ms); success > 99% (97 %)". */
function listGates(gates: readonly Gate[]): string {
  const shown = gates
    .slice(0, MOST_GATES)
    .map(({ text, found }) => (found === undefined ? text : `${text} (${found})`));
  return [...shown, ...(gates.length > MOST_GATES ? [`${gates.length - MOST_GATES} more`] : [])].join("; ");
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
