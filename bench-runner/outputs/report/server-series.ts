// The server's own figures over time: gauges as they were read, counters as rates between two readings.
import type { ServerMeaning, ServerValues } from "../../servers/metrics/server-metric-names.ts";
import type { ServerKind } from "../../servers/metrics/server-vocabulary.ts";
import type { SampledSeries } from "../../summary/series/report-data.ts";
import type { Scrape } from "../../summary/server/server-samples.ts";
import { type LoadSpan, toPoints } from "./series-points.ts";

/** A rate needs at least this much of the time between two readings within the load; less would give a false outlier. */
const SHORTEST_MS = 250;

interface Row extends Omit<SampledSeries, "points" | "group"> {
  /** From a reading and the previous one; undefined if there is no value. */
  of: (now: ServerValues, before: ServerValues | undefined, seconds: number) => number | undefined;
}

const gauge =
  (meaning: ServerMeaning): Row["of"] =>
  (now) =>
    now[meaning];

/** The growth of a counter; undefined if it went back because the server was restarted. */
function grown(
  now: ServerValues,
  before: ServerValues | undefined,
  meaning: ServerMeaning,
): number | undefined {
  const [later, earlier] = [now[meaning], before?.[meaning]];
  return later === undefined || earlier === undefined || later < earlier ? undefined : later - earlier;
}

const rate =
  (meaning: ServerMeaning): Row["of"] =>
  (now, before, seconds) => {
    const amount = grown(now, before, meaning);
    return amount === undefined || seconds <= 0 ? undefined : amount / seconds;
  };

function share(part: number | undefined, whole: number | undefined): number | undefined {
  return part === undefined || whole === undefined || whole <= 0 ? undefined : part / whole;
}

/** The sum, a whole number, follows from the mean over all decodes since the server's start. */
function toSlotSum({ busySlotsPerDecode, decodes }: ServerValues): number | undefined {
  return busySlotsPerDecode === undefined || decodes === undefined
    ? undefined
    : Math.round(busySlotsPerDecode * decodes);
}

const busySlots: Row["of"] = (now, before) => {
  const [later, earlier] = [toSlotSum(now), before && toSlotSum(before)];
  if (later === undefined || earlier === undefined || later < earlier) return undefined;
  return share(later - earlier, grown(now, before, "decodes"));
};

/** Uses the prefix cache's own counters if the server has them: they grow at the same moment. */
const cachedShare: Row["of"] = (now, before) => {
  const queries = grown(now, before, "cacheQueries");
  if (queries !== undefined) return share(grown(now, before, "cacheHits"), queries);
  const [cached, prompt] = [grown(now, before, "cachedPromptTokens"), grown(now, before, "promptTokens")];
  return share(cached, cached === undefined || prompt === undefined ? undefined : prompt + cached);
};

/** If it is the difference of all and cached tokens, a token may be found in the cache a moment before its prompt counts. */
const promptRate: Row["of"] = (now, before, seconds) =>
  rate("promptTokens")(now, before, seconds) ??
  (seconds > 0 && grown(now, before, "allPromptTokens") !== undefined ? 0 : undefined);

const ROWS: readonly Row[] = [
  {
    key: "requestsProcessing",
    label: "Requests being processed",
    unit: "count",
    of: gauge("requestsProcessing"),
  },
  {
    key: "requestsDeferred",
    label: "Requests waiting",
    unit: "count",
    of: gauge("requestsDeferred"),
  },
  { key: "busySlots", label: "Busy slots per decode", unit: "count", of: busySlots },
  { key: "promptTokens", label: "Prompt tokens processed", unit: "tokens/s", of: promptRate },
  {
    key: "generatedTokens",
    label: "Generated tokens",
    unit: "tokens/s",
    of: rate("generatedTokens"),
  },
  { key: "cachedShare", label: "Share of prompt tokens from the cache", unit: "share", of: cachedShare },
  { key: "cacheUsage", label: "Share of the KV cache in use", unit: "share", of: gauge("cacheUsage") },
  {
    key: "speculativeAcceptance",
    label: "Accepted share of drafted tokens",
    unit: "share",
    of: (now, before) => share(grown(now, before, "acceptedDraftTokens"), grown(now, before, "draftTokens")),
  },
];

/**
 * A point calculated from two readings is placed at the later one and covers the time between them within the load:
 * outside it no counter grows.
 */
export function toServerSeries(
  scrapes: readonly Scrape[],
  load: LoadSpan,
  kind?: ServerKind,
): SampledSeries[] {
  const within = (unixMs: number) => Math.min(load.endUnixMs, Math.max(load.startUnixMs, unixMs));
  const toSeconds = (fromMs: number, toMs: number) =>
    Math.max(within(toMs) - within(fromMs), Math.min(toMs - fromMs, SHORTEST_MS)) / 1000;
  return ROWS.flatMap(({ of, ...row }) => {
    const values = scrapes.map(({ atUnixMs, values }, index) => {
      const before = scrapes[index - 1];
      const seconds = before === undefined ? 0 : toSeconds(before.atUnixMs, atUnixMs);
      return [atUnixMs, of(values, before?.values, seconds)] as const;
    });
    const points = toPoints(values, load);
    return points.length === 0 ? [] : [{ ...row, label: toLabel(row, kind), group: "server", points }];
  });
}

/** Without the explanation, readers would attribute the bursts to the server. */
function toLabel({ key, label }: Pick<Row, "key" | "label">, kind: ServerKind | undefined): string {
  const isLate = key === "generatedTokens" && (kind === "llama-server" || kind === "SGLang");
  return isLate ? `${label}, counted when an answer ends` : label;
}
