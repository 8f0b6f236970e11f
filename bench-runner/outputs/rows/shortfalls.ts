// What a run fell short of although each of its gates passed: failed requests and missed objectives. Pure.
import { parseRequirement } from "../../../lib/core/goals/requirement.ts";
import { formatNumber, formatValue } from "../../../lib/core/units.ts";
import { findFigure } from "../../summary/figures.ts";
import { showValue } from "../../summary/show-figure.ts";
import type { Summary } from "../../summary/summary.ts";
import { describeSlo } from "./goodput-rows.ts";

export interface Shortfall {
  kind: "failures" | "objectives" | "doubts";
  /** A clause without a full stop: "20 of 100 requests failed (20 %)". */
  text: string;
}

/** Empty if nothing failed and no objective was missed: only then a run is good. */
export function findShortfalls(summary: Summary): Shortfall[] {
  const { requests, goodput } = summary;
  const failed = findFigure("failed").of(summary) ?? 0;
  const shortfalls: Shortfall[] = [];
  if (failed > 0) {
    const measured = formatNumber(requests.measured, "count");
    const share = formatValue(failed / requests.measured, "share");
    shortfalls.push({
      kind: "failures",
      text: `${formatNumber(failed, "count")} of ${measured} requests failed (${share})`,
    });
  }
  // A user who set a limit for goodput has said how many may miss it.
  if (goodput === undefined || isGoodputRequired(summary)) return shortfalls;
  const { met, missed, uncertain = 0, neverSent } = goodput;
  const judged = formatNumber(met + missed + uncertain + neverSent, "count");
  const short = missed + neverSent;
  if (short > 0) {
    shortfalls.push({
      kind: "objectives",
      text: `${formatNumber(short, "count")} of ${judged} requests missed ${goodput.slos.length === 1 ? "the SLO" : "an SLO"} (goodput ${showValue("goodput", summary)})`,
    });
  } else if (uncertain > 0) {
    shortfalls.push({
      kind: "doubts",
      text: `whether ${formatNumber(uncertain, "count")} of ${judged} requests met every SLO is not known`,
    });
  }
  return shortfalls;
}

/** Whether the run met a requirement about goodput. */
function isGoodputRequired({ requirements = [] }: Summary): boolean {
  return requirements.some(
    ({ ok, text }) => ok && parseRequirement(text, "`require`").subject.startsWith("goodput"),
  );
}

/** "goodput 39 % (TTFT ≤ 500 ms, TPOT ≤ 50 ms)"; undefined without objectives. */
export function describeGoal(summary: Summary): string | undefined {
  const { goodput } = summary;
  if (goodput === undefined) return undefined;
  return `${findFigure("goodput").short} ${showValue("goodput", summary)} (${goodput.slos.map(describeSlo).join(", ")})`;
}
