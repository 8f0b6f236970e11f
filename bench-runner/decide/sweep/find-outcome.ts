// The findings of a sweep: the highest load that meets the goal, saturation, the knee, the Pareto front. Pure.
import { formatNumber } from "../../../lib/core/units.ts";
import { CACHE_REMEDY, describeSpread, findCacheSpread } from "../../summary/cached-share.ts";
import { toJudgedLoad } from "./judge-point.ts";
import { type EndReason, findLimits, findSaturated } from "./plan-next.ts";
import type { SweepFile, SweepOutcome, SweepPoint } from "./sweep-file.ts";
import type { SweepAxis } from "./sweep-goal.ts";

/** "4 clients", "3.8/s". */
export function formatLoad(load: number, axis: SweepAxis): string {
  if (axis === "concurrency") return `${load} ${load === 1 ? "client" : "clients"}`;
  return `${formatNumber(load, "ratio")}/s`;
}

/** @param reason why no further point is measured */
export function findOutcome(file: SweepFile, reason: SweepOutcome["reason"]): SweepOutcome {
  const points = file.points.filter(({ partial }) => !partial);
  const numberAt = (load: number | undefined) => points.find((point) => point.load === load)?.number;
  const judged = points.map(toJudgedLoad);
  const limits = findLimits(judged);
  const numbers = {
    meets: numberAt(limits.meets?.load),
    fails: numberAt(limits.fails?.load),
    saturated: numberAt(findSaturated(file.goal, judged)?.load),
    knee: findKnee(points)?.number,
  };
  const known = Object.fromEntries(Object.entries(numbers).filter(([, number]) => number !== undefined));
  const outcome = { reason, ...known, pareto: findPareto(points).map(({ number }) => number) };
  return { ...outcome, sentence: toSentence(file, outcome) };
}

/**
 * The load of the largest power, throughput / mean latency: Kleinrock, "Power and deterministic rules of thumb for
 * probabilistic problems in computer communications", ICC 1979. Below it a server has spare capacity, above it requests mostly wait.
 *
 * It needs no smoothing and no scaling of the axes, for which a sweep has too few points (Kneedle, 2011, needs both).
 * @returns undefined below three points with both figures
 */
export function findKnee(points: readonly SweepPoint[]): SweepPoint | undefined {
  const powerOf = (point: SweepPoint) => {
    const { throughput, latencyMs } = toJudgedLoad(point);
    return throughput === undefined || !latencyMs ? undefined : throughput / latencyMs;
  };
  const known = points.filter((point) => powerOf(point) !== undefined);
  if (known.length < 3) return undefined;
  return known.reduce((best, point) =>
    (powerOf(point) as number) > (powerOf(best) as number) ? point : best,
  );
}

/** The points that none surpasses in both tokens/s and tokens/s per user, by tokens/s. */
export function findPareto(points: readonly SweepPoint[]): SweepPoint[] {
  const known = points.filter(
    ({ figures: f }) => f.outputTokensPerSecond !== undefined && f.tokensPerSecondPerUser !== undefined,
  );
  const pair = ({ figures: f }: SweepPoint) =>
    [f.outputTokensPerSecond as number, f.tokensPerSecondPerUser as number] as const;
  const surpasses = (other: SweepPoint, point: SweepPoint) => {
    const [[a, b], [c, d]] = [pair(other), pair(point)];
    return a >= c && b >= d && (a > c || b > d);
  };
  return known
    .filter((point) => !known.some((other) => surpasses(other, point)))
    .sort((a, b) => pair(a)[0] - pair(b)[0]);
}

const UNFINISHED: Readonly<Partial<Record<SweepOutcome["reason"], string>>> = {
  stopped: "It was stopped early.",
  serverDied: "The server died during the sweep.",
  failed: "An error ended it early.",
  points: "It ended at `--max-points`.",
};

function toSentence(file: SweepFile, outcome: Omit<SweepOutcome, "sentence">): string {
  const sentences = [
    file.goal.isJudged ? toAnswer(file, outcome) : undefined,
    file.goal.isJudged ? toDoubt(file, outcome) : undefined,
    toSaturation(file, outcome),
    toCacheDoubt(file),
    UNFINISHED[outcome.reason],
  ];
  const text = sentences.filter((sentence) => sentence !== undefined).join(" ");
  return text === "" ? "Every load was measured; none of them saturates the server." : text;
}

function toAnswer(file: SweepFile, { meets, fails }: Omit<SweepOutcome, "sentence">): string | undefined {
  const { goal, slos, requirements } = file;
  const what = [slos.length > 0 ? "SLOs" : "", requirements.length > 0 ? "requirements" : ""];
  const goals = `the ${what.filter((name) => name !== "").join(" and ")}`;
  const thing = goal.axis === "rate" ? "rate" : "number of clients";
  const at = (number: number) => file.points.find((point) => point.number === number) as SweepPoint;
  const load = (number: number) => formatLoad(at(number).load, goal.axis);
  const doNot = (number: number) =>
    `${goal.axis === "rate" || at(number).load === 1 ? "does" : "do"} not: ${at(number).misses.join("; ")}`;
  if (meets !== undefined && fails !== undefined) {
    return `Highest ${thing} that meets ${goals}: ${load(meets)} (${load(fails)} ${doNot(fails)}).`;
  }
  if (fails !== undefined) return `No ${thing} meets ${goals}: ${load(fails)} ${doNot(fails)}.`;
  if (meets !== undefined)
    return `Every ${thing} up to ${load(meets)} meets ${goals}; no higher one was measured.`;
  return undefined;
}

/** A higher load meets what a lower one does not: chance decided, such as a pause of the server. */
function toDoubt({ goal, points }: SweepFile, { fails }: Omit<SweepOutcome, "sentence">): string | undefined {
  const failing = points.find(({ number }) => number === fails);
  const better = points.find(({ load, meets }) => meets && failing !== undefined && load > failing.load);
  if (better === undefined) return undefined;
  const load = formatLoad(better.load, goal.axis);
  return `At ${load} they were met, though: results vary by chance, and \`--repeat 3\` reduces that.`;
}

function toSaturation(
  { goal, points }: SweepFile,
  { saturated }: Omit<SweepOutcome, "sentence">,
): string | undefined {
  const point = points.find(({ number }) => number === saturated);
  if (point === undefined) return undefined;
  const load = formatLoad(point.load, goal.axis);
  return goal.axis === "rate"
    ? `At ${load} the server does not keep up: ${point.misses[0]}.`
    : `At ${load} the server is saturated: throughput hardly rises any further, and every request takes longer.`;
}

/** Loads that did not do the same work. */
function toCacheDoubt({ goal, points }: SweepFile): string | undefined {
  const spread = findCacheSpread(points.map(({ figures }) => figures.cachedShare));
  if (spread === undefined) return undefined;
  const name = (index: number) => `the load of ${formatLoad((points[index] as SweepPoint).load, goal.axis)}`;
  return `The loads are not alike: ${describeSpread(spread, name)} ${CACHE_REMEDY}`;
}

/** Whether the sweep ended as planned. */
export function isPlanned(reason: SweepOutcome["reason"]): reason is EndReason {
  return reason !== "stopped" && reason !== "serverDied" && reason !== "failed";
}
