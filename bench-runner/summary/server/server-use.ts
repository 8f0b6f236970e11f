// The server's side of a run: rates of its counters over the measured window, mean and maximum of its gauges.

import type { EnvironmentFile, StartFacts } from "../../run-folder/run-files.ts";
import { namesOf, type ServerMeaning, type ServerValues } from "../../servers/metrics/server-metric-names.ts";
import type { ServerKind } from "../../servers/metrics/server-vocabulary.ts";
import { RESTARTED } from "../judge/reconcile.ts";
import type { ServerUse, Spread } from "../summary.ts";
import { toProcessUse, type UnixSpan } from "./process-use.ts";
import type { Scrape, ServerSamples } from "./server-samples.ts";

export interface ServerSpans {
  /** The measured window. */
  window: UnixSpan;
  /** From the first start to the last end of any request: outside it no counter can have grown. */
  load: UnixSpan;
}

/**
 * The server's own figures and its process's use in the window; missing ones are listed in `absent`, with the reason.
 * @param spans undefined if no request was measured, or the journal does not record when it began
 * @param listener the process of a server that was already running
 */
export function toServerUse(
  samples: ServerSamples | undefined,
  spans: ServerSpans | undefined,
  listener?: EnvironmentFile["serverProcess"],
): ServerUse {
  if (spans === undefined) return { absent: [{ what: "all", reason: "no request was measured" }] };
  const { scrapes = [], hosts = [], kind } = samples ?? {};
  const process = toProcessUse(hosts, "server", spans.window);
  const counters = toCounterUse(scrapes, spans, kind);
  return {
    ...(kind && { kind }),
    ...counters,
    ...(process && {
      process: { ...process, ...(listener && "name" in listener && { name: listener.name }) },
    }),
    absent: [
      ...counters.absent,
      ...(process ? [] : [{ what: "process", reason: toProcessReason(listener) }]),
    ],
  };
}

function toProcessReason(listener: EnvironmentFile["serverProcess"]): string {
  if (listener === undefined) return "the server's process was not sampled: the runner did not start it";
  return "absent" in listener
    ? listener.absent
    : `${listener.name} (process ${listener.pid}) was not sampled`;
}

/** The cost of starting the server; empty for one that was already running. */
export function toStartUse(
  start: StartFacts | undefined,
): Pick<ServerUse, "readySeconds" | "memoryAfterLoadBytes" | "gpuMemoryAfterLoadBytes"> {
  if (start === undefined) return {};
  const { readySeconds, memoryBytes, gpuMemoryBytes } = start;
  return {
    readySeconds,
    ...(memoryBytes !== undefined && { memoryAfterLoadBytes: memoryBytes }),
    ...(gpuMemoryBytes !== undefined && { gpuMemoryAfterLoadBytes: gpuMemoryBytes }),
  };
}

function toCounterUse(
  scrapes: readonly Scrape[],
  spans: ServerSpans,
  kind: ServerKind | undefined,
): ServerUse {
  const { fromMs, toMs } = spans.window;
  const [first, last] = [scrapes[0], scrapes.at(-1)];
  const unknown = (reason: string): ServerUse => ({ absent: [{ what: "metrics", reason }] });
  if (!first || !last) return unknown("the server's /metrics could not be read");
  // Where the load was over before the window's planned end, nothing changes until then: the last reading stands for it.
  if (first.atUnixMs > spans.load.fromMs || last.atUnixMs < Math.min(toMs, spans.load.toMs)) {
    return unknown("the server's /metrics was not read before and after the window");
  }
  const ends = [toValuesAt(scrapes, fromMs, spans.load), toValuesAt(scrapes, toMs, spans.load)] as const;
  if (wasRestarted(scrapes)) return unknown(RESTARTED);

  const seconds = (toMs - fromMs) / 1000;
  const grown = (meaning: ServerMeaning) => difference(ends[1][meaning], ends[0][meaning]);
  const [prompt, generated] = [grown("promptTokens"), grown("generatedTokens")];
  const drafted = grown("draftTokens");
  const inside = scrapes.filter(({ atUnixMs }) => atUnixMs >= fromMs && atUnixMs <= toMs);
  const figures: Omit<ServerUse, "absent"> = withoutUndefined({
    // A token may be found in the cache a moment before its prompt is counted.
    promptTokensPerSecond: prompt === undefined ? undefined : Math.max(0, prompt) / seconds,
    generatedTokensPerSecond: generated === undefined ? undefined : generated / seconds,
    cachedPromptTokensShare: toCachedShare(grown),
    busySlotsPerDecode: toBusySlots(scrapes, ends, spans.window),
    requestsProcessing: toSpread(inside, "requestsProcessing"),
    requestsDeferred: toSpread(inside, "requestsDeferred"),
    cacheUsage: toSpread(inside, "cacheUsage"),
    speculativeAcceptance: shareOf(grown("acceptedDraftTokens"), drafted),
  });
  const missing = (key: keyof ServerUse, ...meanings: ServerMeaning[]) => {
    if (figures[key as keyof typeof figures] !== undefined) return [];
    const name = meanings.find((meaning) => last.values[meaning] === undefined);
    const reason = name
      ? describeMissing(name, kind)
      : key.startsWith("requests") || key === "cacheUsage"
        ? "no reading of the server's /metrics falls within the window"
        : "there was no value in the window";
    return [{ what: key, reason }];
  };
  return {
    ...figures,
    absent: [
      ...missing("promptTokensPerSecond", ...toPromptMeanings(last)),
      ...missing("generatedTokensPerSecond", "generatedTokens"),
      ...missing("cachedPromptTokensShare", "cachedPromptTokens", ...toPromptMeanings(last)),
      ...missing("busySlotsPerDecode", "busySlotsPerDecode", "decodes"),
      ...missing("requestsProcessing", "requestsProcessing"),
      ...missing("requestsDeferred", "requestsDeferred"),
      ...missing("cacheUsage", "cacheUsage"),
    ],
  };
}

/** Uses the prefix cache's own counters if the server has them: they grow at the same moment. */
function toCachedShare(grown: (meaning: ServerMeaning) => number | undefined): number | undefined {
  const queries = grown("cacheQueries");
  if (queries !== undefined) return shareOf(grown("cacheHits"), queries);
  const [prompt, cached] = [grown("promptTokens"), grown("cachedPromptTokens")];
  return shareOf(cached, prompt === undefined ? undefined : prompt + (cached ?? 0));
}

/** What gives the number of processed prompt tokens: their own counter, or the counters of all and of cached ones. */
function toPromptMeanings({ values }: Scrape): ServerMeaning[] {
  return values.allPromptTokens === undefined ? ["promptTokens"] : ["cachedPromptTokens"];
}

function describeMissing(meaning: ServerMeaning, kind: ServerKind | undefined): string {
  const names = namesOf(meaning, kind) || (meaning === "promptTokens" && namesOf("allPromptTokens", kind));
  return names ? `the server's /metrics has no ${names}` : `${kind} does not report it`;
}

/**
 * The counters at a moment, interpolated linearly between the scrapes around it. The line covers only the time of the load:
 * before its first request and after its last one a counter does not change.
 */
function toValuesAt(scrapes: readonly Scrape[], atMs: number, load: UnixSpan): ServerValues {
  const index = scrapes.findLastIndex(({ atUnixMs }) => atUnixMs <= atMs);
  const [before, after] = [scrapes[index] as Scrape, scrapes[index + 1]];
  if (after === undefined) return before.values;
  const [fromMs, toMs] = [
    Math.max(before.atUnixMs, load.fromMs),
    Math.min(after.atUnixMs, Math.max(load.toMs, atMs)),
  ];
  const part = toMs > fromMs ? Math.min(1, Math.max(0, (atMs - fromMs) / (toMs - fromMs))) : 0;
  const values: ServerValues = {};
  for (const [key, value] of Object.entries(before.values) as [ServerMeaning, number][]) {
    const next = after.values[key];
    if (next !== undefined) values[key] = value + (next - value) * part;
  }
  // A mean over all decodes is not a sum, but decodes · mean is.
  const [slotsBefore, slotsAfter] = [toSlotSum(before.values), toSlotSum(after.values)];
  if (slotsBefore !== undefined && slotsAfter !== undefined && values.decodes) {
    values.busySlotsPerDecode = (slotsBefore + (slotsAfter - slotsBefore) * part) / values.decodes;
  }
  return values;
}

/** Busy slots summed over all decodes since the server's start: a whole number; the mean is reported to six digits. */
function toSlotSum({ busySlotsPerDecode, decodes }: ServerValues): number | undefined {
  return busySlotsPerDecode === undefined || decodes === undefined
    ? undefined
    : Math.round(busySlotsPerDecode * decodes);
}

function toSlots(from: ServerValues, to: ServerValues): number | undefined {
  return shareOf(difference(toSlotSum(to), toSlotSum(from)), difference(to.decodes, from.decodes));
}

/** Mean over the window's decodes, and the largest mean between two scrapes inside it. */
function toBusySlots(
  scrapes: readonly Scrape[],
  [first, last]: readonly [ServerValues, ServerValues],
  { fromMs, toMs }: UnixSpan,
): Spread | undefined {
  const mean = toSlots(first, last);
  if (mean === undefined) return undefined;
  const parts = scrapes.flatMap(({ atUnixMs, values }, index) => {
    const before = scrapes[index - 1];
    const isInside = before !== undefined && before.atUnixMs >= fromMs && atUnixMs <= toMs;
    return (isInside ? toSlots(before.values, values) : undefined) ?? [];
  });
  return { mean, max: parts.reduce((max, slots) => Math.max(max, slots), mean) };
}

function toSpread(scrapes: readonly Scrape[], meaning: ServerMeaning): Spread | undefined {
  const values = scrapes.flatMap(({ values }) => values[meaning] ?? []);
  if (values.length === 0) return undefined;
  return {
    mean: values.reduce((sum, value) => sum + value, 0) / values.length,
    max: values.reduce((max, value) => Math.max(max, value), 0),
  };
}

/** Its counters went back between two scrapes: they were reset. */
export function wasRestarted(scrapes: readonly Scrape[]): boolean {
  const counters: readonly ServerMeaning[] = [
    // A value calculated from two counters may go back for a moment.
    scrapes.some(({ values }) => values.allPromptTokens !== undefined) ? "allPromptTokens" : "promptTokens",
    "generatedTokens",
    "decodes",
  ];
  return scrapes.some(({ values }, index) =>
    counters.some((counter) => (values[counter] ?? 0) < (scrapes[index - 1]?.values[counter] ?? 0)),
  );
}

function difference(later: number | undefined, earlier: number | undefined): number | undefined {
  return later === undefined || earlier === undefined ? undefined : later - earlier;
}

/** The quotient; undefined if the whole is not positive. */
function shareOf(part: number | undefined, whole: number | undefined): number | undefined {
  return part === undefined || whole === undefined || whole <= 0 ? undefined : part / whole;
}

function withoutUndefined<T extends object>(record: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]: Exclude<T[K], undefined>;
  };
}
