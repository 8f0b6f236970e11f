// What a side keeps of one run: its time and origin, its figures, and the warnings that put them in doubt. Pure.
import { formatNumber } from "../../../lib/core/units.ts";
import type { Summary } from "../../summary/summary.ts";
import type { SideRun } from "./side.ts";

/** One run of a side. */
export function toSideRun(summary: Summary): SideRun {
  const { run, window, requests, metrics, rates, throughput, goodput, arrivals, environment } = summary;
  const build = environment?.server?.build;
  return {
    name: run.name,
    start: run.start,
    ...(window && { seconds: window.seconds }),
    measured: requests.measured,
    ...(run.runnerLabel !== undefined && { runnerLabel: run.runnerLabel }),
    ...(run.branch !== undefined && { branch: run.branch }),
    ...(run.commit !== undefined && { commit: run.commit }),
    ...(build !== undefined && { build }),
    ...(run.partial && { partial: run.partialReason ?? "it did not reach its planned end" }),
    ...(summary.tokens.estimatedRequests > 0 && { estimated: true }),
    doubts: toDoubts(summary),
    figures: {
      metrics,
      rates,
      requests,
      ...(throughput && { throughput }),
      ...(goodput && { goodput }),
      ...(arrivals && { arrivals }),
    },
  };
}

/** Warnings that put a comparison itself in doubt. */
const DOUBTS = [
  "client_bottleneck",
  "machine_busy",
  "client_starved",
  "packets_lost",
  "saturated",
  "server_disagrees",
  "k6_disagrees",
  "user_stamps",
];
/** Share of the machine's cores that other programs may use before it matters. */
const OTHERS_LIMIT = 0.2;

function toDoubts(summary: Summary): SideRun["doubts"] {
  const others = describeOthers(summary);
  return [
    ...(others === undefined ? [] : [{ code: "busy_machine", text: others }]),
    ...summary.warnings.filter(({ code }) => DOUBTS.includes(code)).map(({ code, text }) => ({ code, text })),
  ];
}

/** Other programs that used much of the machine; undefined unless the server ran on it, too. */
function describeOthers({ host, server, client }: Summary): string | undefined {
  const [all, cores] = [host?.cpuCores.mean, host?.logicalCores];
  const own = server.process?.cpuCores;
  if (all === undefined || cores === undefined || own === undefined) return undefined;
  const others = all - own - (client?.k6CpuCores ?? 0);
  if (others <= OTHERS_LIMIT * cores) return undefined;
  return `Other programs kept ${formatNumber(others, "ratio")} of the machine's ${cores} cores busy, which may have changed the figures.`;
}
