// Whether the client was starved: it got the processor so late that times of tokens are not known exactly.
import { formatValue } from "../../../lib/core/units.ts";
import { CAPABILITIES, SETCAP } from "../../load/k6-rights.ts";
import type { FigureKey } from "../figures.ts";
import { hasRange, showValue } from "../show-figure.ts";
import { toMainSource } from "../stamp-sources.ts";
import type { Summary } from "../summary.ts";

type Findings = Omit<Summary, "warnings">;

/** More merged tokens than this share are worth a word. */
const MERGED_LIMIT = 0.01;
const WATCHED: readonly FigureKey[] = ["ttft.p99", "ttft.p95", "ttft.median", "ttft.mean"];

export const STARVED_REMEDY: string = `Give k6 packet stamps, which are right however late it reads (${SETCAP}; in a container or pod ${CAPABILITIES}), or the client a machine of its own, or use fewer clients.`;

export const isMerged = ({ precision }: Findings): boolean =>
  (precision.mergedTokensShare ?? 0) > MERGED_LIMIT;

export const sayMerged = ({ precision }: Findings): string =>
  `${formatValue(precision.mergedTokensShare, "share")} of the tokens have the time of a later one that came with the same read`;

/** How late k6 read, where that exceeds the gaps between tokens; a time that is a packet's own does not suffer. */
export function sayLag({ precision, metrics }: Findings): string | undefined {
  const { stampLagMs: lag, stamps } = precision;
  const gap = metrics.itl?.median;
  return lag && gap && lag.p99 > gap && toMainSource(stamps) !== "packet"
    ? `it read ${formatValue(lag.p99, "ms")} (p99) behind the kernel's stamps, more than the median gap of ${formatValue(gap, "ms")}`
    : undefined;
}

/** The signs of it, a clause each; empty if it was not. */
export function findStarvation(findings: Findings): string[] {
  const key = WATCHED.find((watched) => hasRange(watched, findings));
  const lag = sayLag(findings);
  const merged = isMerged(findings);
  if (key === undefined && (lag === undefined || !merged)) return [];
  const range = key && `TTFT ${key.slice(5)} is somewhere in ${showValue(key, findings)}`;
  return [range, merged ? sayMerged(findings) : undefined, lag].filter((sign) => sign !== undefined);
}
