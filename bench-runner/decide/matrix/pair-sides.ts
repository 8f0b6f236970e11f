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

/** Without what is known of both servers together only: throughput, goodput, memory, groups. */
function toSideSummary(summary: Summary, group: Group, serverUrl: string): Summary {
  const {
    throughput: _,
    goodput: __,
    gpus: ___,
    arrivals: ____,
    groups: _____,
    ab: ______,
    ...rest
  } = summary;
  const { requests, byVerdict, rates, tokens, metrics } = group;
  return {
    ...rest,
    configuration: { ...summary.configuration, serverUrl },
    requests: { started: requests, measured: requests, byVerdict, byFlag: {} },
    rates,
    tokens,
    metrics,
    server: { absent: [] },
  };
}
