// Recomputes a summary's numbers from the journal independently: whole file, plain arrays, formulas written out again.
//
// For tests: it shares no code with the summary, so an error in one of the two shows.
import { readFileSync } from "node:fs";
import { sum } from "simple-statistics";
import type { RunInput } from "../../../bench-runner/summary/run-input.ts";
import type { Summary } from "../../../bench-runner/summary/summary.ts";
import type { HeaderLine, RequestLine } from "../../../lib/core/request/facts.ts";
import { cachedOf, completionOf, flagsOf, hiddenOf, judge } from "./verify-formulas.ts";
import { putGoodput } from "./verify-goodput.ts";
import { putConversations, putGroups } from "./verify-groups.ts";
import { findHeldBack, putPrecision } from "./verify-precision.ts";
import { findSteady, findWindow, isSteady, putArrivals } from "./verify-run.ts";
import { putGpus, putMachine, putReconciliation } from "./verify-samples.ts";
import { putThroughput } from "./verify-throughput.ts";
import { putHistograms, putTrends, toCounted } from "./verify-trends.ts";

type Numbers = Record<string, number>;

interface Journal {
  lines: RequestLine[];
  measured: RequestLine[];
  complete: RequestLine[];
  epochUnixMs: number;
}

/**
 * One line for each number of the summary that the journal contradicts; empty if all agree.
 * @param input adds what follows from the run's plan and samples: window, whether there is a steady state, arrivals,
 *   machines, GPUs, the clients' side of the reconciliation; without it window and steady state are taken from the summary
 */
export function compareWithJournal(summary: Summary, path: string, input?: RunInput): string[] {
  const told = flatten({
    requests: summary.requests,
    metrics: summary.metrics,
    ...(summary.histograms && { histograms: toCounted(summary.histograms) }),
    errors: Object.fromEntries(
      summary.errors.map(({ verdict, kind, count }) => [`${verdict} ${kind}`, count]),
    ),
    rates: summary.rates,
    tokens: summary.tokens,
    precision: summary.precision,
    connections: summary.connections,
    ...(summary.oddities && { oddities: summary.oddities }),
    ...(summary.throughput && { throughput: summary.throughput }),
    ...(summary.groups && {
      groups: { task: byName(summary.groups.task), turn: byName(summary.groups.turn) },
    }),
    ...(summary.conversations && { conversations: summary.conversations }),
    ...(!("absent" in summary.steady) && { steady: summary.steady }),
    ...(input && toldOfRun(summary)),
  });
  const journal = readJournal(path);
  const window = input
    ? findWindow(journal.lines, journal.measured, { ...input, ...journal })
    : summary.window;
  const hasSteady = input
    ? isSteady(journal.measured, window, input.config.vus)
    : !("absent" in summary.steady);
  const found = recompute(journal, window, hasSteady, summary.histograms);
  if (input) putRun(found, journal, window, input);
  return [...new Set([...Object.keys(told), ...Object.keys(found)])].flatMap((key) => {
    const [ours, theirs] = [told[key], found[key]];
    const tolerance = /^(steady\.|groups\..*\.)?metrics\.itl\.(median|p\d+)$/.test(key) ? 1e-3 : 1e-9;
    return ours !== undefined &&
      theirs !== undefined &&
      Math.abs(ours - theirs) <= 1e-9 + tolerance * Math.abs(theirs)
      ? []
      : [`${key}: the summary says ${ours}, the journal ${theirs}`];
  });
}

function readJournal(path: string): Journal {
  const all = readFileSync(path, "utf8")
    .split("\n")
    .filter((text) => text.trim().endsWith("}"))
    .map((text) => JSON.parse(text) as RequestLine | HeaderLine);
  const lines = all.filter((line) => line.type === "request");
  const measured = lines.filter((line) => line.labels.phase === undefined || line.labels.phase === "measure");
  return {
    lines,
    measured,
    complete: measured.filter((line) => judge(line) === "complete"),
    epochUnixMs: all.find((line) => line.type === "header")?.epochUnixMs ?? 0,
  };
}

/** Every number by its path in the summary: "metrics.ttft.p90", "requests.byVerdict.cut". */
function recompute(
  { lines, measured, complete }: Journal,
  window: Summary["window"],
  hasSteady: boolean,
  histograms: Summary["histograms"],
): Numbers {
  const found: Numbers = { "requests.started": lines.length, "requests.measured": measured.length };
  if (lines.length > measured.length) {
    for (const phase of ["warmup", "cooldown"]) {
      found[`requests.${phase}`] = lines.filter((line) => line.labels.phase === phase).length;
    }
  }
  for (const line of measured) {
    const verdict = judge(line);
    add(found, `requests.byVerdict.${verdict}`);
    for (const flag of flagsOf(line)) add(found, `requests.byFlag.${flag}`);
    if (verdict === "complete") continue;
    const known = { http_error: line.status, not_a_stream: line.contentType } as Record<string, unknown>;
    add(found, `errors.${verdict} ${line.error?.kind ?? known[verdict]}`);
  }
  putTrends(found, "metrics", complete, true);
  putHistograms(found, complete, histograms);
  putGroups(found, measured, putTrends);
  putConversations(found, lines, measured);
  putRates(found, measured, complete);
  putTokens(found, complete);
  putPrecision(found, measured, findHeldBack(lines));
  if (window) putThroughput(found, "throughput", lines, window);
  if (window && hasSteady) {
    const steady = findSteady(measured, window);
    const { startMs, endMs, seconds } = steady.window;
    for (const [key, value] of Object.entries({ startMs, endMs, seconds, requests: steady.inside.length }))
      found[`steady.${key}`] = value;
    putTrends(found, "steady.metrics", steady.inside, true);
    putThroughput(found, "steady.throughput", lines, steady.window);
  }
  return found;
}

function putRates(found: Numbers, measured: RequestLine[], complete: RequestLine[]): void {
  const judged = measured.filter((line) => !["aborted", "interrupted"].includes(judge(line)));
  if (judged.length > 0) found["rates.success"] = complete.length / judged.length;
  if (complete.length === 0) return;
  const share = (reason: string) =>
    complete.filter((line) => line.fields.finishReason === reason).length / complete.length;
  found["rates.truncated"] = share("length");
  found["rates.stopped"] = share("stop");
}

function putTokens(found: Numbers, complete: RequestLine[]): void {
  const hidden = sum(complete.map((line) => hiddenOf(line) ?? 0));
  if (hidden > 0) found["oddities.hiddenTokensShare"] = hidden / sum(complete.map(completionOf));
  const prompts = complete
    .map((line) => line.fields.promptTokens)
    .filter((value) => typeof value === "number");
  const cached = complete.map(cachedOf).filter((value) => value !== undefined);
  if (prompts.length > 0) found["tokens.prompt"] = sum(prompts);
  if (cached.length > 0) found["tokens.cached"] = sum(cached);
  const isUnknown = (line: RequestLine) => line.document && line.fields.completionTokens === undefined;
  if (complete.length > 0 && !complete.some(isUnknown)) {
    found["tokens.completion"] = sum(complete.map(completionOf));
  }
  found["tokens.estimatedRequests"] = complete.filter(
    (line) => !line.document && line.fields.completionTokens === undefined,
  ).length;
}

/** The parts of a summary that do not follow from the journal alone. */
function toldOfRun(summary: Summary): object {
  const { window, goodput, arrivals, client, host, gpus, server, reconciliation } = summary;
  const sides = {
    promptTokens: reconciliation.promptTokens,
    completionTokens: reconciliation.completionTokens,
  };
  return {
    ...(window && { window }),
    ...(goodput && { goodput }),
    ...(arrivals && { arrivals }),
    ...(client && { client }),
    ...(host && { host }),
    ...(gpus && { gpus }),
    ...(server.process && { server: { process: server.process } }),
    reconciliation: Object.fromEntries(
      Object.entries(sides).flatMap(([key, side]) =>
        side ? [[key, { client: side.client, allowed: side.allowed }]] : [],
      ),
    ),
  };
}

function putRun(
  found: Numbers,
  { lines, measured, epochUnixMs }: Journal,
  window: Summary["window"],
  input: RunInput,
): void {
  const { config, samples } = input;
  putArrivals(found, lines, measured, findHeldBack(lines), { ...input, epochUnixMs });
  const { slo = [] } = config.values as { slo?: string[] };
  putGoodput(found, measured, slo, found["arrivals.dropped"] ?? 0, window?.seconds);
  if (samples?.before && samples.after) {
    const longestAnswer = config.prompts?.longestAnswer ?? Number(config.values.maxTokens ?? 0);
    putReconciliation(found, lines, longestAnswer);
  }
  if (window === undefined) return;
  for (const key of ["startMs", "endMs", "seconds"] as const) found[`window.${key}`] = window[key];
  const span = { fromMs: epochUnixMs + window.startMs, toMs: epochUnixMs + window.endMs };
  if (samples) putMachine(found, samples.hosts, span, input.environment?.cpu.logicalCores);
  const isHere = config.serverStartedHere || /\/\/(127\.|localhost|\[::1\])/.test(config.serverUrl);
  const rate = found["throughput.outputTokensPerSecond"];
  const output = rate === undefined ? undefined : rate * window.seconds;
  putGpus(found, samples?.gpus ?? [], span, isHere ? output : undefined);
}

function byName(groups: readonly { name: string }[] = []): Record<string, object> {
  return Object.fromEntries(groups.map((group) => [group.name, group]));
}

function add(found: Numbers, key: string): void {
  found[key] = (found[key] ?? 0) + 1;
}

/** Every number in a record by its path, "metrics.ttft.p90". */
export function flatten(value: object, prefix = ""): Numbers {
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
