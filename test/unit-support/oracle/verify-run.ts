// Window, steady state and arrivals of a run, recomputed from the lines of its journal and its plan for verify-summary.ts.

import type { RunInput } from "../../../bench-runner/summary/run-input.ts";
import type { Window } from "../../../bench-runner/summary/summary.ts";
import type { RequestLine } from "../../../lib/core/request/facts.ts";
import { judge } from "./verify-formulas.ts";

/** The epoch of example-journal.ts, and the parts of a run that say what was asked for. */
export type Plan = Pick<RunInput, "config" | "outcome" | "schedule" | "k6Summary"> & { epochUnixMs: number };

const last = (times: number[]) => Math.max(...times);
const first = (times: number[]) => Math.min(...times);

/**
 * From the first measured start to the planned end (less the cool-down) where time ends the run and it came to that end,
 * else to the last measured end.
 */
export function findWindow(lines: RequestLine[], measured: RequestLine[], plan: Plan): Window | undefined {
  if (measured.length === 0) return undefined;
  const { config, outcome, epochUnixMs } = plan;
  const startMs = first(measured.map((line) => line.startMs));
  const plannedMs =
    findLoadStart(lines, plan) + 1000 * (config.durationSeconds - Number(config.values.cooldownTime ?? 0));
  const isTimed =
    config.kind === "open"
      ? "duration" in config.values || "rateStages" in config.values
      : lines.length < (config.iterations ?? Number.POSITIVE_INFINITY);
  const isOver = outcome.endedUnixMs >= epochUnixMs + plannedMs;
  const isReached = isOver || (config.kind === "open" && !outcome.partial);
  const endedBy = isTimed && isReached ? "duration" : "requests";
  const endMs = endedBy === "duration" ? plannedMs : last(measured.map((line) => line.endMs));
  return endMs > startMs ? { startMs, endMs, seconds: (endMs - startMs) / 1000, endedBy } : undefined;
}

function findLoadStart(lines: RequestLine[], { schedule }: Plan): number {
  return first(lines.map((line) => line.startMs)) - (schedule?.offsetsMs[0] ?? 0);
}

/** The time in which every client was between its first start and its last end, with the complete requests inside. */
export function findSteady(
  measured: RequestLine[],
  window: Window,
): { window: Window; inside: RequestLine[]; clients: number } {
  const clients = [...Map.groupBy(measured, ({ vu }) => vu).values()];
  const startMs = last(clients.map((own) => first(own.map((line) => line.startMs))));
  const endMs = first([window.endMs, ...clients.map((own) => last(own.map((line) => line.endMs)))]);
  const inside = measured.filter(
    (line) => judge(line) === "complete" && line.startMs >= startMs && line.endMs <= endMs,
  );
  const seconds = (endMs - startMs) / 1000;
  return {
    window: { startMs, endMs, seconds, endedBy: "requests" },
    inside,
    clients: clients.length,
  };
}

/** Whether there is a steady state: in a closed loop, with all clients, of 1 s and 10 requests at least. */
export function isSteady(measured: RequestLine[], window: Window | undefined, vus: number): boolean {
  if (window === undefined || measured.some((line) => line.scheduledMs !== undefined)) return false;
  const found = findSteady(measured, window);
  return found.clients >= vus && found.window.seconds >= 1 && found.inside.length >= 10;
}

/** What was due, sent, held back by the clients' number and never sent. */
export function putArrivals(
  found: Record<string, number>,
  lines: RequestLine[],
  measured: RequestLine[],
  heldBack: Set<RequestLine>,
  plan: Plan,
): void {
  const sent = measured.filter((line) => line.scheduledMs !== undefined);
  const offsets = plan.schedule && findMeasuredOffsets(lines, plan);
  if (sent.length === 0 && offsets === undefined) return;
  const put = (key: string, value: number | undefined) => {
    if (value !== undefined) found[`arrivals.${key}`] = value;
  };
  const dropped = plan.k6Summary?.metrics.dropped_iterations?.values.count ?? 0;
  const offered = offsets?.length ?? sent.length + dropped;
  const late = sent.filter((line) => heldBack.has(line));
  put("offered", offered);
  put("sent", sent.length);
  put("dropped", Math.max(offered - sent.length, 0));
  put("heldBack", late.length);
  const waits = late.map((line) => line.startMs - (line.scheduledMs as number));
  if (late.length > 0) put("heldBackMeanMs", waits.reduce((all, wait) => all + wait, 0) / late.length);
  put("offeredPerSecond", rateOf(offered, offsets ?? sent.map((line) => line.scheduledMs as number)));
  put(
    "achievedPerSecond",
    rateOf(
      sent.length,
      sent.map((line) => line.startMs),
    ),
  );
}

/** Of the schedule, as far as the run lasted, what lies between warm-up and cool-down. */
function findMeasuredOffsets(lines: RequestLine[], plan: Plan): number[] {
  const { offsetsMs, seconds } = plan.schedule as NonNullable<Plan["schedule"]>;
  const option = (key: string) => Number(plan.config.values[key] ?? 0);
  const runMs = plan.outcome.endedUnixMs - plan.epochUnixMs - findLoadStart(lines, plan);
  const untilMs =
    option("cooldownTime") > 0 ? 1000 * (seconds - option("cooldownTime")) : Number.POSITIVE_INFINITY;
  return offsetsMs
    .slice(0, offsetsMs.length - option("cooldownRequests"))
    .slice(option("warmupRequests"))
    .filter((ms) => ms <= runMs && ms >= 1000 * option("warmupTime") && ms < untilMs);
}

/** So many events have one gap less between them. */
function rateOf(events: number, times: number[]): number | undefined {
  const seconds = (last(times) - first(times)) / 1000;
  return events > 1 && seconds > 0 ? (events - 1) / seconds : undefined;
}
