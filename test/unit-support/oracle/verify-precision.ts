// How the requests were read and how late they left, recomputed from the lines of a journal for verify-summary.ts.
import { sum } from "simple-statistics";
import type { RequestLine } from "../../../lib/core/request/facts.ts";
import { completionOf, endsOf, hiddenOf, judge } from "./verify-formulas.ts";
import { putStatistics } from "./verify-statistics.ts";

type Numbers = Record<string, number>;
type Counted = "mergedTokens" | "tokenEvents" | "reads" | "events";

/** @param heldBack the lines whose client was busy with another request when they were due */
export function putPrecision(found: Numbers, measured: RequestLine[], heldBack: Set<RequestLine>): void {
  const total = (key: Counted, lines = measured) => sum(lines.map((line) => line[key]));
  const count = (isCounted: (line: RequestLine) => boolean) => measured.filter(isCounted).length;
  found["precision.stamps.packet"] = count((line) => line.reads > 0 && line.stamps === "packet");
  found["precision.stamps.kernel"] = count((line) => line.reads > 0 && line.stamps === "kernel");
  found["precision.stamps.user"] = count((line) => line.reads > 0 && line.stamps === "user");
  found["connections.opened"] = count((line) => line.connectedMs !== undefined);
  found["connections.reused"] = count((line) => line.reused);
  found["connections.retried"] = count((line) => line.retried);
  if (total("tokenEvents") > 0) {
    found["precision.mergedTokens"] = total("mergedTokens");
    found["precision.mergedTokensShare"] = total("mergedTokens") / total("tokenEvents");
    found["precision.uncertainGaps"] = sum(
      measured.filter((line) => judge(line) === "complete").map((line) => uncertainOf(line)),
    );
  }
  const misses = sum(measured.map((line) => line.packetMisses ?? 0));
  if (misses > 0) found["precision.packetMisses"] = misses;
  const ranged = count((line) => {
    const [early, late] = endsOf(line);
    return judge(line) === "complete" && early.firstTokenMs !== late.firstTokenMs;
  });
  if (ranged > 0) found["precision.firstTokenRanges"] = ranged;
  const streams = measured.filter((line) => !line.document);
  if (total("events", streams) > 0)
    found["precision.readsPerEvent"] = total("reads", streams) / total("events", streams);
  const counted = measured.filter(
    (line) =>
      judge(line) === "complete" && line.tokenEvents > 0 && line.fields.completionTokens !== undefined,
  );
  if (counted.length > 0) {
    found["precision.tokensPerEvent"] =
      sum(counted.map((line) => completionOf(line) - (hiddenOf(line) ?? 0))) / total("tokenEvents", counted);
  }
  putSendDelay(
    found,
    measured.filter((line) => !heldBack.has(line)),
  );
  putStampLag(found, measured);
}

/** Sent − due; without a schedule a request is due at its start, and a new connection adds the time to connect. */
function putSendDelay(found: Numbers, lines: RequestLine[]): void {
  const delays: Numbers = {};
  putStatistics(
    delays,
    "delay",
    lines.flatMap(({ sentMs, startMs, scheduledMs, reused }) => {
      const due = scheduledMs ?? (reused ? startMs : undefined);
      return sentMs === undefined || due === undefined ? [] : sentMs - due;
    }),
  );
  for (const key of ["mean", "p99", "max"]) {
    const value = delays[`delay.${key}`];
    if (value !== undefined) found[`precision.sendDelayMs.${key}`] = value;
  }
}

/** The mean is over all reads, the others over the largest value of each request. */
function putStampLag(found: Numbers, lines: RequestLine[]): void {
  const lags: Numbers = {};
  putStatistics(
    lags,
    "lag",
    lines.flatMap((line) => line.stampLagMaxMs ?? []),
  );
  const read = lines.filter((line) => line.stampLagMeanMs !== undefined && line.reads > 0);
  if (lags["lag.max"] === undefined || read.length === 0) return;
  found["precision.stampLagMs.max"] = lags["lag.max"];
  found["precision.stampLagMs.p99"] = lags["lag.p99"] as number;
  found["precision.stampLagMs.mean"] =
    sum(read.map((line) => (line.stampLagMeanMs as number) * line.reads)) /
    sum(read.map((line) => line.reads));
}

/** The lines whose client was still busy with the previous request when they were due. */
export function findHeldBack(lines: RequestLine[]): Set<RequestLine> {
  const clients = Map.groupBy(lines, ({ vu }) => vu).values();
  return new Set(
    [...clients].flatMap((own) =>
      own.filter(({ scheduledMs = Number.POSITIVE_INFINITY }, index) => {
        const before = own[index - 1];
        return before !== undefined && before.endMs > scheduledMs;
      }),
    ),
  );
}

/** The gaps of a request that are not known. */
function uncertainOf({ uncertainGaps = [], uncertainGapCount = 0 }: RequestLine): number {
  return uncertainGapCount + sum(uncertainGaps.map(([, count]) => count));
}
