// A run against two servers at once as two runs of a matrix: each server has the figures of its own requests. Pure.
import type { Group, Summary } from "../../summary/summary.ts";
import { toHost } from "./dimensions.ts";
import type { MatrixRun } from "./read-runs.ts";

/** The run itself where it measured one server. */
export function toSides(run: MatrixRun): MatrixRun[] {
  const { ab, groups } = run.summary;
  if (ab === undefined) return [run];
  const names = toHost(ab.a) === toHost(ab.b) ? { a: ab.a, b: ab.b } : { a: toHost(ab.a), b: toHost(ab.b) };
  const sides = (["a", "b"] as const).flatMap((side) => {
    const group = groups?.server?.find(({ name }) => name === side);
    return group === undefined
      ? []
      : [{ ...run, serverName: names[side], summary: toSideSummary(run.summary, group, ab[side]) }];
  });
  return sides.length === 2 ? sides : [run];
}

/** What is known of both servers together only. */
const OF_BOTH = [
  "throughput",
  "goodput",
  "gpus",
  "arrivals",
  "groups",
  "ab",
] as const satisfies (keyof Summary)[];

/** The run as that of one of its servers, without what is known of both together only. */
function toSideSummary(summary: Summary, group: Group, serverUrl: string): Summary {
  const { requests, byVerdict, rates, tokens, metrics } = group;
  const shared: Summary = { ...summary };
  for (const key of OF_BOTH) delete shared[key];
  return {
    ...shared,
    configuration: { ...summary.configuration, serverUrl },
    requests: { started: requests, measured: requests, byVerdict, byFlag: {} },
    rates,
    tokens,
    metrics,
    server: { absent: [] },
  };
}
