// Whether the client kept up with its load, and where it did not, whether the client or others had the machine busy.
import { formatValue } from "../../../lib/core/units.ts";
import { toMainSource } from "../stamp-sources.ts";
import type { Summary } from "../summary.ts";
import { findStarvation, isMerged, sayLag, sayMerged } from "./starvation.ts";

type Findings = Omit<Summary, "warnings">;

/** Requests that leave later than this, and later than a twentieth of the median TTFT (or E2E), affect the measurement. */
const LATE_MS = 5;
/** A machine, or a client, of which more is busy has no core left when it needs one. */
const BUSY_SHARE = 0.8;

const cores = (value: number) => formatValue(value, "ratio");

/** TTFT; for whole answers, which have none, E2E. */
export const toLatency = (f: Findings) => f.metrics.ttft ?? f.metrics.e2e;

/** Signs that the client did not keep up, one clause each; those of starvation have a warning of their own. */
export function toClientSigns(f: Findings): string[] {
  const { sendDelayMs: delay } = f.precision;
  const late = Math.max(LATE_MS, (toLatency(f)?.median ?? 0) / 20);
  const isStarved = findStarvation(f).length > 0;
  const signs = [
    sayOwnCores(f) ?? "",
    isStarved ? "" : (sayLag(f) ?? ""),
    delay && delay.p99 > late ? `requests left ${formatValue(delay.p99, "ms")} (p99) late` : "",
  ].filter((sign) => sign !== "");
  return signs.length > 0 && isMerged(f) && !isStarved ? [...signs, sayMerged(f)] : signs;
}

function sayOwnCores({ client = {} }: Findings): string | undefined {
  const { k6CpuCores: busy, logicalCores: all } = client;
  return busy !== undefined && all !== undefined && busy > BUSY_SHARE * all
    ? `k6 kept ${cores(busy)} of ${all} cores busy`
    : undefined;
}

/**
 * Who kept the client from the cores that it needed: "Other programs kept 1.9 of the machine's 2 cores busy (the server 1.6;
 * k6 itself 0.1)". Undefined where the machine had room, and where the client used most of it.
 */
export function describeOthers({ host, client, server }: Findings): string | undefined {
  const { cpuCores: busy, logicalCores: all } = host ?? {};
  const own = client?.k6CpuCores;
  if (busy === undefined || all === undefined || own === undefined) return undefined;
  const others = busy.mean - own;
  if (busy.mean <= BUSY_SHARE * all || others <= own) return undefined;
  const served = server.process?.cpuCores;
  const detail = [
    ...(served === undefined ? [] : [`the server ${cores(served)}`]),
    `k6 itself ${cores(own)}`,
  ];
  return `Other programs kept ${cores(others)} of the machine's ${all} cores busy (${detail.join("; ")})`;
}

/** The times of packets do not depend on the client; the moments at which it sends do. */
export const sayHarm = ({ precision }: Findings): string =>
  toMainSource(precision.stamps) === "packet"
    ? "so requests may have left late (times of tokens are those of their packets, and right all the same)"
    : "so measured times may be the client's own";
