// The rows that every rendering of a summary shows: one model, so that terminal and Markdown cannot differ.
import type { StatisticName } from "../../../lib/core/goals/requirement.ts";
import { TRENDS, type Trend, type TrendKey } from "../../../lib/core/request/trends.ts";
import { formatDuration, formatNumber, formatValue } from "../../../lib/core/units.ts";
import { describeCalibration } from "../../run-folder/calibration-file.ts";
import { markEstimated } from "../../summary/estimated.ts";
import { findFigure, SHOWN as SHOWN_FIGURES } from "../../summary/figures.ts";
import { type Gate, toGates } from "../../summary/judge/gates.ts";
import { showNumber, showValue } from "../../summary/show-figure.ts";
import { describeStamps } from "../../summary/stamp-sources.ts";
import type { Arrivals, Precision, Summary } from "../../summary/summary.ts";
import { type Column, type Table, toHeading } from "../table/table.ts";
import { toAbRows } from "./ab-rows.ts";
import { toGoodputRows } from "./goodput-rows.ts";
import { type GroupTable, toGroupLegend, toGroupTables } from "./group-rows.ts";
import { type Headline, sayReadTime, toHeadline } from "./headline.ts";
import { type NamedHistogram, toNamedHistogram } from "./histogram-rows.ts";
import { toPromptRows } from "./prompt-rows.ts";
import { toServerRows } from "./server-rows.ts";
import { describeSteady, type SteadyRow, toSteadyRows } from "./steady-rows.ts";

/** The columns of the statistics, with the ranks by which a narrow terminal drops them. */
const STATISTIC_COLUMNS: readonly (readonly [title: string, key: StatisticName, rank?: number])[] = [
  ["mean", "mean", 4],
  ["sd", "std", 1],
  ["min", "min", 2],
  ["median", "median"],
  ["p90", "p90", 5],
  ["p95", "p95", 3],
  ["p99", "p99"],
  ["max", "max", 6],
];
const SHORTEST_LABEL = 12;

export interface SummaryRows {
  title: string;
  headline: Headline;
  /** Label and value. */
  results: [string, string][];
  /** One row per metric, and a second one with its certified percentiles. */
  trends: Table;
  /** The histogram of TTFT, or of E2E if no request has a TTFT; undefined without values. */
  histogram: NamedHistogram | undefined;
  /** A percentile in `trends` is marked with `*`: too few requests to certify it. */
  hasMarks: boolean;
  /** The whole window and the steady state; undefined if there is no steady state. */
  steady: SteadyRow[] | undefined;
  /** By task, by turn; empty if there is only one group. */
  groups: GroupTable[];
  /** The meaning of their columns and signs. */
  groupLegend: string;
  server: [string, string][];
  errors: [string, string][];
  /** The gates of the run, and their title. */
  gates: Gate[];
  gatesTitle: string;
  trust: [string, string][];
  warnings: { text: string; remedy: string }[];
}

/** The metrics shown, most important first; the others are in summary.json and summary.csv. */
const SHOWN = TRENDS.filter(({ about }) => about.shown !== undefined).sort(
  (a, b) => (a.about.shown as number) - (b.about.shown as number),
);

export function toSummaryRows(summary: Summary): SummaryRows {
  const trends = SHOWN.flatMap((trend) => toTrendRows(trend, summary));
  const { run } = summary;
  return {
    title: `${run.scenario} · ${run.name} · ${run.start}${run.partial ? " · PARTIAL" : ""}`,
    headline: toHeadline(summary),
    results: present(toResults(summary)),
    trends: {
      columns: [
        { title: "", leastWidth: SHORTEST_LABEL },
        ...STATISTIC_COLUMNS.map(
          ([title, , rank]): Column => ({ title, align: "right", ...(rank !== undefined && { rank }) }),
        ),
      ],
      rows: trends,
    },
    histogram: toNamedHistogram(summary),
    hasMarks: trends.some((row) => row.some((cell) => cell.endsWith("*"))),
    steady: toSteadyRows(summary),
    groups: toGroupTables(summary),
    groupLegend: toGroupLegend(summary),
    server: toServerRows(summary),
    // Requests aborted on purpose are not errors, and have a row of their own.
    errors: summary.errors
      .filter(({ verdict }) => verdict !== "aborted")
      .map(({ verdict, kind, count, example }) => [
        `${count} × ${verdict}${kind && kind !== verdict ? ` (${kind})` : ""}`,
        example ?? "",
      ]),
    gates: toGates(summary),
    gatesTitle: summary.requirements === undefined ? "Thresholds" : "Requirements",
    trust: present(toTrust(summary)),
    warnings: summary.warnings,
  };
}

/** "300 of 300 sent, 5.000 of 5.000 requests/s; 12 held back by the cap, 340 ms on average". */
function describeArrivals(arrivals: Arrivals): string {
  const { offered, sent, heldBack, heldBackMeanMs, achievedPerSecond, offeredPerSecond } = arrivals;
  const parts = [`${formatNumber(sent, "count")} of ${formatNumber(offered, "count")} sent`];
  if (achievedPerSecond !== undefined && offeredPerSecond !== undefined) {
    const achieved = formatNumber(achievedPerSecond, "requests/s");
    parts.push(`${achieved} of ${formatValue(offeredPerSecond, "requests/s")}`);
  }
  if (heldBack > 0) {
    parts.push(
      `${formatNumber(heldBack, "count")} held back by the cap, ${formatValue(heldBackMeanMs, "ms")} on average`,
    );
  }
  return parts.join("; ");
}

/** Label and cells; the second row, if any, is certified. */
function toTrendRows({ key, unit, about: { title } }: Trend, summary: Summary): string[][] {
  const statistics = summary.metrics[key];
  if (!statistics) return [];
  const { certified } = statistics;
  const isUncertified = (name: string) =>
    certified !== undefined && isCertifiable(name) && certified[name] === undefined;
  const row = [
    toHeading(title, unit) +
      markEstimated(key, summary) +
      (BY_STAMP.includes(key) ? sayReadTime(summary) : ""),
    ...STATISTIC_COLUMNS.map(
      ([, name]) => showNumber(`${key}.${name}`, summary) + (isUncertified(name) ? "*" : ""),
    ),
  ];
  if (!certified || Object.keys(certified).length === 0) return [row];
  const bounds = STATISTIC_COLUMNS.map(([, name]) =>
    isCertifiable(name) ? showNumber(`${key}.${name}.certified`, summary) : "",
  );
  return [row, ["  certified at 99 %, at most", ...bounds]];
}

/** The times that a late read would change most. */
const BY_STAMP: readonly TrendKey[] = ["ttft", "ttfo", "scheduledTtft", "headers", "tpot", "itl"];

function isCertifiable(name: string): name is "p90" | "p95" | "p99" {
  return name === "p90" || name === "p95" || name === "p99";
}

function toResults(summary: Summary): [string, string | undefined][] {
  const { requests, window, rates, arrivals } = summary;
  const complete = requests.byVerdict.complete ?? 0;
  const flags = Object.entries(requests.byFlag).map(([flag, count]) => `${flag} ${count}`);
  const { warmup = 0, cooldown = 0 } = requests;
  const outside = [
    ...(warmup > 0 ? [`${formatNumber(warmup, "count")} of the warm-up`] : []),
    ...(cooldown > 0 ? [`${formatNumber(cooldown, "count")} of the cool-down`] : []),
  ].join(" and ");
  return [
    [
      "Requests",
      `${formatValue(complete, "count")} of ${formatValue(requests.measured, "count")} complete${outside && `; ${outside} not measured`}`,
    ],
    [
      "Aborted",
      requests.byVerdict.aborted === undefined
        ? undefined
        : `${formatValue(requests.byVerdict.aborted, "count")} hung up on purpose`,
    ],
    ["Flags", flags.join(", ") || undefined],
    [
      "Window",
      window &&
        `${formatDuration(window.seconds * 1000)}, ended by ${window.endedBy === "duration" ? "its duration" : "its last request"}`,
    ],
    ["Steady state", window && describeSteady(summary)],
    ...[...SHOWN_FIGURES.throughput, "success" as const].map((key): [string, string] => {
      const value = showValue(key, summary);
      return [findFigure(key).title, value && value + markEstimated(key, summary)];
    }),
    ...toGoodputRows(summary),
    [
      "Truncated, stopped",
      rates.truncated === undefined
        ? undefined
        : `${formatValue(rates.truncated, "share")}, ${formatValue(rates.stopped, "share")}`,
    ],
    ...toAbRows(summary),
    ...toPromptRows(summary),
    ["Arrivals", arrivals && describeArrivals(arrivals)],
  ];
}

function toTrust(summary: Summary): [string, string | undefined][] {
  const { precision, connections, client, reconciliation, crossCheck } = summary;
  const { stamps, stampsReason: reason, packets, stampLagMs: lag, sendDelayMs: delay } = precision;
  return [
    ["Receive stamps", [describeStamps(stamps), reason].filter(Boolean).join(": ") || undefined],
    [
      "Stamp lag",
      lag &&
        `mean ${formatValue(lag.mean, "ms")}, p99 ${formatValue(lag.p99, "ms")}, max ${formatValue(lag.max, "ms")}`,
    ],
    [
      "Requests sent late by",
      delay &&
        `mean ${formatValue(delay.mean, "ms")}, p99 ${formatValue(delay.p99, "ms")}, max ${formatValue(delay.max, "ms")}`,
    ],
    ["Packets", packets && describePackets(packets, precision.packetMisses)],
    ["Merged tokens", describeMerged(precision)],
    [
      "First token known as a range",
      precision.firstTokenRanges === undefined
        ? undefined
        : `of ${formatValue(precision.firstTokenRanges, "count")} requests`,
    ],
    ["Tokens per event", formatValue(precision.tokensPerEvent, "ratio")],
    ["Reads per event", formatValue(precision.readsPerEvent, "ratio")],
    [
      "Connections",
      `${connections.opened} opened${summary.configuration.values.warmConnections === true ? " in addition to those before the load" : ""}, ${connections.reused} requests on a reused one${connections.retried ? `, ${connections.retried} retried` : ""}`,
    ],
    [
      "k6",
      client?.k6CpuSeconds === undefined
        ? undefined
        : `${formatValue(client.k6CpuSeconds, "s")} of CPU${client.k6PeakMemoryBytes === undefined ? "" : `, at most ${formatValue(client.k6PeakMemoryBytes, "bytes")}`}`,
    ],
    ["Calibrated", summary.calibration && describeCalibration(summary.calibration)],
    ["Against the server's counters", sayVerdict(reconciliation)],
    ["Against k6's summary", sayVerdict(crossCheck)],
  ];
}

/** "12,345 seen, none lost", "12,345 seen, 12 lost, 3 reads without their segment". */
function describePackets({ seen, dropped }: { seen: number; dropped: number }, misses = 0): string {
  const lost = dropped === 0 ? "none lost" : `${formatValue(dropped, "count")} lost`;
  const without = misses === 0 ? "" : `, ${formatValue(misses, "count")} reads without their segment`;
  return `${formatValue(seen, "count")} seen, ${lost}${without}`;
}

/** "12.5 %; 1,234 gaps between tokens are not known, and ITL leaves them out". */
function describeMerged({ mergedTokensShare, uncertainGaps = 0 }: Precision): string {
  const share = formatValue(mergedTokensShare, "share");
  if (uncertainGaps === 0) return share;
  return `${share}; ${formatValue(uncertainGaps, "count")} gaps between tokens are not known, and ITL leaves them out`;
}

function sayVerdict({ verdict, reason }: { verdict: string; reason?: string }): string {
  const words = {
    exact: "agrees exactly",
    within_bounds: "within bounds",
    off: "OFF",
    unavailable: "not compared",
  }[verdict];
  return reason === undefined ? (words ?? verdict) : `${words}: ${reason}`;
}

function present(rows: [string, string | undefined][]): [string, string][] {
  return rows.filter((row): row is [string, string] => Boolean(row[1]));
}
