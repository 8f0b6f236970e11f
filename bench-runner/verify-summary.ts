// Recomputes a summary's numbers from the journal by another road: whole file, plain arrays, formulas written out again.
//
// For tests: it shares no code with the summary, so an error in one of the two shows.
import { readFileSync } from "node:fs";
import type { RequestLine } from "../lib/core/facts.ts";
import type { Summary } from "./summary.ts";
import { cachedOf, completionOf, FORMULAS, flagsOf, judge } from "./verify-formulas.ts";
import { putConversations, putGroups } from "./verify-groups.ts";
import { putThroughput } from "./verify-throughput.ts";

type Numbers = Record<string, number>;

/** Every number by its path in the summary: "metrics.ttft.p90", "requests.byVerdict.cut". */
export function recomputeFromJournal(
  path: string,
  window: Summary["window"],
  steady: Summary["steady"],
  histograms?: Summary["histograms"],
): Numbers {
  const lines = readFileSync(path, "utf8")
    .split("\n")
    .filter((text) => text.trim().endsWith("}"))
    .map((text) => JSON.parse(text) as RequestLine)
    .filter((line) => line.type === "request");
  const measured = lines.filter((line) => line.labels.phase === undefined || line.labels.phase === "measure");
  const complete = measured.filter((line) => judge(line) === "complete");
  const found: Numbers = { "requests.started": lines.length, "requests.measured": measured.length };
  if (lines.length > measured.length) {
    for (const phase of ["warmup", "cooldown"]) {
      found[`requests.${phase}`] = lines.filter((line) => line.labels.phase === phase).length;
    }
  }
  for (const line of measured) add(found, `requests.byVerdict.${judge(line)}`, 1);
  for (const line of measured) for (const flag of flagsOf(line)) add(found, `requests.byFlag.${flag}`, 1);

  putTrends(found, "metrics", complete);
  putHistograms(found, complete, histograms);
  putGroups(found, measured, putTrends);
  putConversations(found, lines, measured);

  const judged = measured.filter((line) => !["aborted", "interrupted"].includes(judge(line)));
  if (judged.length > 0) found["rates.success"] = complete.length / judged.length;
  if (complete.length > 0) {
    const share = (reason: string) =>
      complete.filter((line) => line.fields.finishReason === reason).length / complete.length;
    found["rates.truncated"] = share("length");
    found["rates.stopped"] = share("stop");
  }
  const field = (key: string) =>
    complete.map((line) => line.fields[key]).filter((value) => typeof value === "number");
  const cached = complete.map(cachedOf).filter((value) => value !== undefined);
  if (field("promptTokens").length > 0) found["tokens.prompt"] = sum(field("promptTokens"));
  if (cached.length > 0) found["tokens.cached"] = sum(cached);
  if (complete.length > 0) found["tokens.completion"] = sum(complete.map(completionOf));
  found["tokens.estimatedRequests"] = complete.filter(
    (line) => !line.document && line.fields.completionTokens === undefined,
  ).length;
  const atWork = lines.filter((line, index) => isAtWork(line, lines.slice(0, index)));
  putPrecision(found, measured, complete, atWork);
  if (window) putThroughput(found, "throughput", lines, window);
  if (window && !("absent" in steady)) putSteady(found, lines, measured, window);
  return found;
}

/** Whether a line's client was still at work on the request before when this one was due. */
function isAtWork({ vu, scheduledMs }: RequestLine, before: RequestLine[]): boolean {
  const last = before.findLast((line) => line.vu === vu);
  return last !== undefined && scheduledMs !== undefined && last.endMs > scheduledMs;
}

/** Ends of the steady state, and what lies in it. */
function putSteady(
  found: Numbers,
  lines: RequestLine[],
  measured: RequestLine[],
  window: NonNullable<Summary["window"]>,
): void {
  const clients = [...new Set(measured.map((line) => line.vu))].map((vu) =>
    measured.filter((line) => line.vu === vu),
  );
  const startMs = Math.max(...clients.map((own) => Math.min(...own.map((line) => line.startMs))));
  const endMs = Math.min(window.endMs, ...clients.map((own) => Math.max(...own.map((line) => line.endMs))));
  const seconds = (endMs - startMs) / 1000;
  const inside = measured.filter(
    (line) => judge(line) === "complete" && line.startMs >= startMs && line.endMs <= endMs,
  );
  Object.assign(found, {
    "steady.startMs": startMs,
    "steady.endMs": endMs,
    "steady.seconds": seconds,
    "steady.requests": inside.length,
  });
  putTrends(found, "steady.metrics", inside);
  putThroughput(found, "steady.throughput", lines, { startMs, endMs, seconds, endedBy: "requests" });
}

function putTrends(found: Numbers, path: string, complete: RequestLine[]): void {
  for (const [key, formula] of Object.entries(FORMULAS)) {
    const values = complete.map(formula).filter((value) => value !== undefined && Number.isFinite(value));
    putStatistics(found, `${path}.${key}`, values as number[]);
  }
  const gaps = complete.flatMap((line) => [
    ...(line.gapsUs ?? []),
    ...(line.gapHistogramUs ?? []).flatMap(([gap, count]) => new Array<number>(count).fill(gap)),
  ]);
  putStatistics(
    found,
    `${path}.itl`,
    gaps.map((gap) => gap / 1000),
  );
}

/** Values between the edges as told; the edges themselves by the logarithms of the smallest and the largest value. */
function putHistograms(found: Numbers, complete: RequestLine[], told: Summary["histograms"] = {}): void {
  for (const key of ["ttft", "e2e"] as const) {
    const values = complete.flatMap((line) => FORMULAS[key]?.(line) ?? []);
    if (values.length === 0) continue;
    const [low, high] = [Math.min(...values), Math.max(...values)];
    const bins = told[key]?.bins ?? [];
    const edge = (index: number) =>
      low > 0
        ? Math.exp(Math.log(low) + (Math.log(high / low) * index) / bins.length)
        : low + ((high - low) * index) / bins.length;
    for (const [index, [from, to]] of bins.entries()) {
      const isLast = index === bins.length - 1;
      const inside = values.filter((value) => value >= from && (isLast ? value <= to : value < to));
      const path = `histograms.${key}.bins.${index}`;
      Object.assign(found, {
        [`${path}.0`]: edge(index),
        [`${path}.1`]: edge(index + 1),
        [`${path}.2`]: inside.length,
      });
    }
    found[`histograms.${key}.values`] = values.length;
  }
}

/** With the number of values that all bins together hold. */
function toCounted(histograms: NonNullable<Summary["histograms"]>): object {
  return Object.fromEntries(
    Object.entries(histograms).map(([key, { bins }]) => [
      key,
      { bins, values: sum(bins.map(([, , count]) => count)) },
    ]),
  );
}

/** One line for each number of the summary that the journal does not bear out; empty when all agree. */
export function compareWithJournal(summary: Summary, path: string): string[] {
  const told = flatten({
    requests: summary.requests,
    metrics: summary.metrics,
    ...(summary.histograms && { histograms: toCounted(summary.histograms) }),
    rates: summary.rates,
    tokens: summary.tokens,
    precision: summary.precision,
    connections: summary.connections,
    ...(summary.throughput && { throughput: summary.throughput }),
    ...(summary.groups && {
      groups: { task: byName(summary.groups.task), turn: byName(summary.groups.turn) },
    }),
    ...(summary.conversations && { conversations: summary.conversations }),
    ...(!("absent" in summary.steady) && { steady: summary.steady }),
  });
  const found = recomputeFromJournal(path, summary.window, summary.steady, summary.histograms);
  return [...new Set([...Object.keys(told), ...Object.keys(found)])]
    .filter((key) => !key.includes(".certified."))
    .flatMap((key) => {
      const [ours, theirs] = [told[key], found[key]];
      const tolerance = /^(steady\.|groups\..*\.)?metrics\.itl\.(median|p\d+)$/.test(key) ? 1e-3 : 1e-9;
      return ours !== undefined &&
        theirs !== undefined &&
        Math.abs(ours - theirs) <= 1e-9 + tolerance * Math.abs(theirs)
        ? []
        : [`${key}: the summary says ${ours}, the journal ${theirs}`];
    });
}

function putStatistics(found: Numbers, path: string, values: number[]): void {
  if (values.length === 0) return;
  const sorted = [...values].sort((a, b) => a - b);
  const at = (p: number) => {
    const position = (sorted.length - 1) * p;
    const below = sorted[Math.floor(position)] as number;
    const above = sorted[Math.ceil(position)] as number;
    return below + (above - below) * (position % 1);
  };
  const mean = sum(sorted) / sorted.length;
  const put = (key: string, value: number | undefined) => {
    if (value !== undefined) found[`${path}.${key}`] = value;
  };
  put("count", sorted.length);
  put("min", sorted[0]);
  put("mean", mean);
  put("max", sorted.at(-1));
  if (sorted.length > 1) {
    put(
      "standardDeviation",
      Math.sqrt(sum(sorted.map((value) => (value - mean) ** 2)) / (sorted.length - 1)),
    );
  }
  for (const [key, p] of [
    ["median", 0.5],
    ["p90", 0.9],
    ["p95", 0.95],
    ["p99", 0.99],
  ] as const)
    put(key, at(p));
}

function putPrecision(
  found: Numbers,
  measured: RequestLine[],
  complete: RequestLine[],
  atWork: RequestLine[],
): void {
  const total = (key: "mergedTokens" | "tokenEvents" | "reads" | "events", lines = measured) =>
    sum(lines.map((line) => line[key]));
  found["precision.stamps.kernel"] = measured.filter((line) => line.stamps === "kernel").length;
  found["precision.stamps.user"] = measured.filter((line) => line.stamps === "user").length;
  found["connections.opened"] = measured.filter((line) => line.connectedMs !== undefined).length;
  found["connections.reused"] = measured.filter((line) => line.reused).length;
  found["connections.retried"] = measured.filter((line) => line.retried).length;
  if (total("tokenEvents") > 0)
    found["precision.mergedTokensShare"] = total("mergedTokens") / total("tokenEvents");
  const streams = measured.filter((line) => !line.document);
  if (total("events", streams) > 0)
    found["precision.readsPerEvent"] = total("reads", streams) / total("events", streams);
  const counted = complete.filter(
    (line) => line.tokenEvents > 0 && line.fields.completionTokens !== undefined,
  );
  if (counted.length > 0) {
    found["precision.tokensPerEvent"] = sum(counted.map(completionOf)) / total("tokenEvents", counted);
  }
  const delays: Numbers = {};
  putStatistics(
    delays,
    "delay",
    measured.flatMap((line) => {
      const { sentMs, startMs, scheduledMs, reused } = line;
      const due = scheduledMs ?? (reused ? startMs : undefined);
      return atWork.includes(line) || sentMs === undefined || due === undefined ? [] : sentMs - due;
    }),
  );
  for (const key of ["mean", "p99", "max"]) {
    const value = delays[`delay.${key}`];
    if (value !== undefined) found[`precision.sendDelayMs.${key}`] = value;
  }
  const lags: Numbers = {};
  putStatistics(
    lags,
    "lag",
    measured.flatMap((line) => line.stampLagMaxMs ?? []),
  );
  const read = measured.filter((line) => line.stampLagMeanMs !== undefined && line.reads > 0);
  if (lags["lag.max"] === undefined || read.length === 0) return;
  found["precision.stampLagMs.max"] = lags["lag.max"];
  found["precision.stampLagMs.p99"] = lags["lag.p99"] as number;
  found["precision.stampLagMs.mean"] =
    sum(read.map((line) => (line.stampLagMeanMs as number) * line.reads)) / total("reads", read);
}

function byName(groups: readonly { name: string }[] = []): Record<string, object> {
  return Object.fromEntries(groups.map((group) => [group.name, group]));
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function add(found: Numbers, key: string, value: number): void {
  found[key] = (found[key] ?? 0) + value;
}

function flatten(value: object, prefix = ""): Numbers {
  return Object.assign(
    {},
    ...Object.entries(value).map(([key, part]) =>
      part !== null && typeof part === "object"
        ? flatten(part, `${prefix}${key}.`)
        : typeof part === "number"
          ? { [prefix + key]: part }
          : {},
    ),
  );
}
