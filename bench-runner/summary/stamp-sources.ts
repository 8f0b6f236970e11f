// The sources of a run's time stamps: packets, the kernel, the client's own clock.
import { STAMP_SOURCES, type StampSource } from "../../lib/core/request/facts.ts";
import type { Precision } from "./summary.ts";

type Counts = Partial<Precision["stamps"]>;

/** The source of most requests, of two equal ones the worse; undefined without a request that has stamps. */
export function toMainSource(stamps: Counts): StampSource | undefined {
  let main: StampSource | undefined;
  for (const source of STAMP_SOURCES) {
    const count = stamps[source] ?? 0;
    if (count > 0 && count >= ((main && stamps[main]) ?? 0)) main = source;
  }
  return main;
}

/** "packet", or with several sources "packet 90, kernel 10"; undefined without stamps. */
export function describeStamps(stamps: Counts): string | undefined {
  const used = STAMP_SOURCES.filter((source) => stamps[source]);
  if (used.length < 2) return used[0];
  return used.map((source) => `${source} ${stamps[source]}`).join(", ");
}
