// The words and tables that every rendering of a comparison shows. Pure.
import type { Ends } from "../../../lib/core/ends.ts";
import { formatNumber, formatNumberEnds, formatValue, toDigits, type Unit } from "../../../lib/core/units.ts";
import { type Cell, type Column, type Table, toHeading, type Words } from "../../outputs/table/table.ts";
import { describeMethod } from "./comparison-notes.ts";
import type {
  ChangeVerdict,
  Comparison,
  MetricComparison,
  PairComparison,
  SideWords,
} from "./comparison-types.ts";
import { describeDifference } from "./identity-differences.ts";
import type { ChangeResult } from "./judge-change.ts";
import { IN_RANGE } from "./side-ends.ts";

export interface ComparisonRows {
  title: string;
  /** The runs of each side. */
  sides: [string, string][];
  /** Label and BASE. */
  metrics: { key: string; label: string; base: string }[];
  pairs: PairRows[];
  /** The notes of all pairs, each once. */
  notes: string[];
}

export interface PairRows {
  /** "NEW"; if there are several, "NEW 1", "NEW 2", … */
  name: string;
  headline: string;
  /** In the order of `metrics`; undefined if this pair has no such figure. */
  cells: (MetricCells | undefined)[];
  requirements: { result: ChangeResult["result"]; text: string }[];
  /** What must be equal and is not. */
  differences: string[];
}

export interface MetricCells {
  next: string;
  change: string;
  interval: string;
  verdict: ChangeVerdict;
}

/** "+1.23 %", "−0.5 points", "+2.1 ms"; three digits are enough for a difference. */
export function formatChange(value: number, unit: Unit | "points", withUnit = true): string {
  const sign = value < 0 ? "−" : value > 0 ? "+" : "";
  const size = toDigits(Math.abs(value), 3);
  if (unit === "points") return `${sign}${formatNumber(size, "share")}${withUnit ? " points" : ""}`;
  return `${sign}${withUnit ? formatValue(size, unit) : formatNumber(size, unit)}`;
}

function formatInterval(low: number, high: number, unit: Unit | "points"): string {
  return `${formatChange(low, unit, false)} … ${formatChange(high, unit)}`;
}

export function toComparisonRows({ base, pairs, confidence }: Comparison): ComparisonRows {
  const names = pairs.map((_, index) => (pairs.length === 1 ? "NEW" : `NEW ${index + 1}`));
  const keys = [...new Set(pairs.flatMap(({ metrics }) => metrics.map(({ key }) => key)))];
  const find = (pair: PairComparison, key: string) => pair.metrics.find((metric) => metric.key === key);
  const notes = pairs.flatMap((pair, index) =>
    [...describeMethod(pair, confidence), ...describeGaps(pair), ...pair.notes].map((note) =>
      note.replace(/^NEW:/, `${names[index]}:`),
    ),
  );
  return {
    title: `${pairs.map(({ next }) => next.name).join(", ")} compared with ${base.name}`,
    sides: [
      ["BASE", describeSide(base)],
      ...pairs.map(({ next }, index): [string, string] => [names[index] as string, describeSide(next)]),
    ],
    metrics: keys.map((key) => {
      const metric = pairs.map((pair) => find(pair, key)).find(Boolean) as MetricComparison;
      return {
        key,
        label: toHeading(metric.title, metric.unit),
        base: showSide(metric.base, metric.baseEnds, metric.unit),
      };
    }),
    pairs: pairs.map((pair, index) =>
      toPairRows(
        pair,
        keys.map((key) => find(pair, key)),
        names[index] as string,
      ),
    ),
    notes: [...new Set(notes)],
  };
}

function toPairRows(pair: PairComparison, metrics: (MetricComparison | undefined)[], name: string): PairRows {
  return {
    name,
    headline: toHeadline(pair),
    cells: metrics.map((metric) => metric && toCells(metric)),
    requirements: pair.requirements.map((found) => ({ result: found.result, text: describeResult(found) })),
    differences: pair.differences.map(
      (difference) => `${describeDifference(difference, name)}${difference.allowed ? " (allowed)" : ""}`,
    ),
  };
}

const TONES: Readonly<Partial<Record<ChangeVerdict, Words["tone"]>>> = {
  worse: "bad",
  better: "good",
  changed: "warning",
  uncertain: "warning",
};

/**
 * The figures of both sides: one group of columns per pair.
 * @param shown the pairs that have columns; all by default
 */
export function toComparisonTable(
  { metrics, pairs }: ComparisonRows,
  confidence: number,
  shown: readonly PairRows[] = pairs,
): Table {
  const percent = `${Math.round(confidence * 1000) / 10} % interval`;
  const right = (title: string): Column => ({ title, align: "right" });
  return {
    columns: [
      { title: "" },
      right("BASE"),
      ...shown.flatMap(({ name }) => [
        right(name),
        right("change"),
        right(percent),
        { title: "verdict", short: "" },
      ]),
    ],
    rows: metrics.map(({ label, base }, at) => [
      label,
      base,
      ...shown.flatMap(({ cells }): Cell[] => {
        const { next, change, interval, verdict } = cells[at] ?? {};
        return [next, change, interval, verdict && toVerdictWords(verdict)];
      }),
    ]),
  };
}

function toVerdictWords(verdict: ChangeVerdict): Words {
  const tone = TONES[verdict];
  return { text: verdict, ...(tone && { tone, strong: true }) };
}

function describeSide({ source, runs }: SideWords): string {
  const [first] = runs;
  const requests = runs.reduce((sum, { measured }) => sum + measured, 0);
  const { start = "", commit, build } = first ?? {};
  return [
    source,
    runs.length === 1 ? "one run" : `${runs.length} repeats`,
    `${formatNumber(requests, "count")} requests`,
    start.slice(0, 16).replace("T", " "),
    ...(commit === undefined ? [] : [`commit ${commit.slice(0, 8)}`]),
    ...(build === undefined ? [] : [`server ${build}`]),
  ].join(", ");
}

/** "No interval for TTFT p99: too few requests for an interval." */
function describeGaps({ metrics }: PairComparison): string[] {
  const certain = metrics.filter(({ verdict }) => verdict !== "uncertain");
  const doubts = metrics.filter(({ verdict }) => verdict === "uncertain").map(({ title }) => title);
  const reasons = [...new Set(certain.flatMap(({ reason }) => reason ?? []))];
  return [
    ...reasons.map((reason) => {
      const titles = certain.filter((metric) => metric.reason === reason).map(({ title }) => title);
      return `No interval for ${titles.join(", ")}: ${reason}.`;
    }),
    ...(doubts.length > 0 ? [`Uncertain: ${doubts.join(", ")}: ${IN_RANGE}.`] : []),
  ];
}

const ORDER: readonly ChangeVerdict[] = [
  "worse",
  "better",
  "changed",
  "within noise",
  "uncertain",
  "cannot tell",
];

/** "2 worse, 1 better, 12 within noise, 1 cannot tell". */
export function toHeadline({ metrics }: PairComparison): string {
  const counts = ORDER.map((verdict) => {
    const count = metrics.filter((metric) => metric.verdict === verdict).length;
    return count === 0 ? "" : `${count} ${verdict === "cannot tell" ? "without an interval" : verdict}`;
  });
  return counts.filter(Boolean).join(", ") || "nothing to compare";
}

function showSide(value: number | undefined, ends: Ends | undefined, unit: Unit): string {
  return ends ? formatNumberEnds(ends, unit) : formatNumber(value, unit);
}

function toCells({ next, nextEnds, unit, difference, verdict }: MetricComparison): MetricCells {
  const kind = difference?.of === "points" ? ("points" as const) : ("share" as const);
  const { value, low, high } = difference ?? {};
  return {
    next: showSide(next, nextEnds, unit),
    change: value === undefined ? "" : formatChange(value, kind),
    interval: low === undefined || high === undefined ? "" : formatInterval(low, high, kind),
    verdict,
  };
}

/** "ttft.p95 <= +10%: +12.3 %, +8.1 … +16.8 %". */
function describeResult({ text, value, low, high, unit, change, reason }: ChangeResult): string {
  const kind = change === "absolute" && unit === "share" ? ("points" as const) : unit;
  const found = value === undefined ? "" : change ? formatChange(value, kind) : formatValue(value, unit);
  const interval = low === undefined || high === undefined ? "" : `, ${formatInterval(low, high, kind)}`;
  const why = reason === undefined ? "" : `${found === "" ? "" : "; "}${reason}`;
  return `${text}: ${found}${interval}${why}`;
}
