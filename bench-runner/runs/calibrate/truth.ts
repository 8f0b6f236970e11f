// Compares a client's journal with the null server's log of the same requests: the error of each time.
import { createReadStream } from "node:fs";
import { createInterface } from "node:readline";
import { type RequestLine, STAMP_SOURCES, type StampSource } from "../../../lib/core/request/facts.ts";
import { readJournal } from "../../run-folder/journal-reader.ts";
import { toQuantile } from "../../statistics/quantile.ts";

/** A request as the server saw it; Unix microseconds. */
interface Truth {
  request: number;
  firstByteUs: number;
  readUs: number;
  firstSentUs: number;
  gapsUs: number[];
  tookUs: number[];
}

/** Percentiles of a set of values. */
export interface Percentiles {
  count: number;
  mean: number;
  p1: number;
  p50: number;
  p90: number;
  p99: number;
  max: number;
}

export interface StampReport {
  stamps: StampSource;
  /** Requests found in both; `unmatched` are in one only, or differ in their number of tokens. */
  requests: number;
  unmatched: number;
  tokens: number;
  /** The client's time of a token minus the moment before the server gave it to the kernel; ms. */
  error: Percentiles;
  /**
   * The same without merged and crowded tokens: the server's kernel may have sent those as one segment, later than the
   * server gave them to it.
   */
  unmergedError: Percentiles;
  /** How long the server's call to send a token took, which bounds the uncertainty of the true time; ms. */
  truthWidth: Percentiles;
  /** Share of tokens that arrived in one read with a later one … */
  mergedShare: number;
  /** … although the server sent them a millisecond or more apart, because the client lagged. */
  lateMergedShare: number;
  /** Share of tokens that a late server sent within a millisecond of another token of their stream. */
  crowdedShare: number;
  /** Gaps between tokens; ms. */
  clientItl: Percentiles;
  serverItl: Percentiles;
  ttft: TtftReport;
  /** The same for new and for reused connections. */
  coldTtft?: TtftReport;
  warmTtft?: TtftReport;
  /** Largest and mean lag as the client itself measured it; ms. */
  lagMaxMs?: number;
  lagMeanMs?: number;
}

/** All in ms. */
export interface TtftReport {
  client: Percentiles;
  /** From the request's first byte at the machine to its first token. */
  server: Percentiles;
  /** Client − server, request by request. */
  error: Percentiles;
  connect?: Percentiles;
  /** From the first to the last request's arrival: how simultaneous they were. */
  arrivalsMs: number;
}

/**
 * @param steady uses only the time in which every stream had begun and none had ended; otherwise all tokens
 */
export async function compareWithTruth(journal: string, log: string, steady: boolean): Promise<StampReport> {
  const truths = await readTruths(log);
  const pairs: [RequestLine, Truth][] = [];
  let epochUs = 0;
  let unmatched = 0;
  for await (const line of readJournal(journal)) {
    if (line.type === "header") epochUs = line.epochUnixMs * 1000;
    if (line.type !== "request") continue;
    const truth = truths.get(Number(line.fields.serverPromptTokens));
    if (truth !== undefined && truth.gapsUs.length === line.gapsUs?.length) pairs.push([line, truth]);
    else unmatched += 1;
  }
  if (pairs.length === 0) throw new Error("no request of the journal is in the server's log");
  const [from, to] = steady ? steadyWindow(pairs) : [0, Number.POSITIVE_INFINITY];
  const errors: number[] = [];
  const unmerged: number[] = [];
  const widths: number[] = [];
  const clientGaps: number[] = [];
  const serverGaps: number[] = [];
  let merged = 0;
  let lateMerged = 0;
  let crowded = 0;
  let lagMax = -1;
  let lagSum = 0;
  for (const [line, truth] of pairs) {
    const gaps = line.gapsUs as number[];
    let client = epochUs + Math.round((line.firstTokenMs as number) * 1000);
    let server = truth.firstSentUs;
    for (let i = 0; i <= gaps.length; i++) {
      if (server >= from && server <= to) {
        const error = (client - server) / 1000;
        errors.push(error);
        const isMerged = gaps[i] === 0;
        const isCrowded = isShort(truth.gapsUs[i]) || isShort(truth.gapsUs[i - 1]);
        if (isMerged) merged += 1;
        if (isMerged && !isShort(truth.gapsUs[i])) lateMerged += 1;
        if (isCrowded) crowded += 1;
        if (!isMerged && !isCrowded) unmerged.push(error);
        widths.push((truth.tookUs[i] as number) / 1000);
        if (i < gaps.length) {
          clientGaps.push((gaps[i] as number) / 1000);
          serverGaps.push((truth.gapsUs[i] as number) / 1000);
        }
      }
      client += gaps[i] ?? 0;
      server += truth.gapsUs[i] ?? 0;
    }
    lagMax = Math.max(lagMax, line.stampLagMaxMs ?? -1);
    lagSum += line.stampLagMeanMs ?? 0;
  }
  const cold = pairs.filter(([line]) => !line.reused);
  const warm = pairs.filter(([line]) => line.reused);
  return {
    stamps: toWorstSource(pairs),
    requests: pairs.length,
    unmatched,
    tokens: errors.length,
    error: toPercentiles(errors),
    unmergedError: toPercentiles(unmerged),
    truthWidth: toPercentiles(widths),
    mergedShare: merged / errors.length,
    lateMergedShare: lateMerged / errors.length,
    crowdedShare: crowded / errors.length,
    clientItl: toPercentiles(clientGaps),
    serverItl: toPercentiles(serverGaps),
    ttft: toTtft(pairs),
    ...(cold.length > 0 && { coldTtft: toTtft(cold) }),
    ...(warm.length > 0 && { warmTtft: toTtft(warm) }),
    ...(lagMax >= 0 && { lagMaxMs: lagMax, lagMeanMs: lagSum / pairs.length }),
  };
}

/** The worst source of stamps among the requests. */
function toWorstSource(pairs: readonly [RequestLine, Truth][]): StampSource {
  const used = new Set(pairs.map(([line]) => line.stamps));
  return STAMP_SOURCES.findLast((source) => used.has(source)) as StampSource;
}

/** Whether a gap between two tokens of the server is below a millisecond; false without a gap. */
const isShort = (gapUs: number | undefined): boolean => gapUs !== undefined && gapUs < 1000;

async function readTruths(path: string): Promise<Map<number, Truth>> {
  const truths = new Map<number, Truth>();
  for await (const line of createInterface({ input: createReadStream(path) })) {
    const truth = JSON.parse(line) as Truth;
    truths.set(truth.request, truth);
  }
  return truths;
}

function steadyWindow(pairs: readonly [RequestLine, Truth][]): [number, number] {
  let from = 0;
  let to = Number.POSITIVE_INFINITY;
  for (const [, { firstSentUs, gapsUs }] of pairs) {
    from = Math.max(from, firstSentUs + 500_000);
    to = Math.min(
      to,
      gapsUs.reduce((sum, gap) => sum + gap, firstSentUs),
    );
  }
  if (from >= to) throw new Error("the streams were never all open at once");
  return [from, to];
}

function toTtft(pairs: readonly [RequestLine, Truth][]): TtftReport {
  const client = pairs.map(([line]) => (line.firstTokenMs as number) - (line.sentMs as number));
  const server = pairs.map(([, truth]) => (truth.firstSentUs - truth.firstByteUs) / 1000);
  const connects = pairs.flatMap(([line]) =>
    line.connectedMs === undefined ? [] : [line.connectedMs - line.startMs],
  );
  const arrivals = pairs.map(([, truth]) => truth.firstByteUs).sort((a, b) => a - b);
  return {
    client: toPercentiles(client),
    server: toPercentiles(server),
    error: toPercentiles(client.map((value, i) => value - (server[i] as number))),
    ...(connects.length > 0 && { connect: toPercentiles(connects) }),
    arrivalsMs: ((arrivals.at(-1) as number) - (arrivals[0] as number)) / 1000,
  };
}

function toPercentiles(values: readonly number[]): Percentiles {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number) => toQuantile(sorted, share) ?? Number.NaN;
  let sum = 0;
  for (const value of sorted) sum += value;
  return {
    count: sorted.length,
    mean: sum / sorted.length,
    p1: at(0.01),
    p50: at(0.5),
    p90: at(0.9),
    p99: at(0.99),
    max: sorted[sorted.length - 1] ?? Number.NaN,
  };
}
