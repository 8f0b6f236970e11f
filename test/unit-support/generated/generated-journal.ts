// Whole runs for property tests: clients or arrivals, phases, tasks, conversations, what was sampled beside them.
import fc from "fast-check";
import type { RunInput } from "../../../bench-runner/summary/run-input.ts";
import type { RequestLine } from "../../../lib/core/request/facts.ts";
import { config, outcome } from "../examples/example-journal.ts";
import { FATES } from "./generated-fates.ts";
import { type Draft, draft, toLine } from "./generated-request.ts";
import { optional, samples, toSamples, upTo } from "./generated-samples.ts";

export interface GeneratedRun {
  /** In the order in which they ended. */
  lines: RequestLine[];
  input: Omit<RunInput, "records">;
}

/** What a client does with a row; several drafts are the turns of a conversation. */
interface Exchange {
  pauseUs: number;
  task: string | undefined;
  turns: Draft[];
  inputTokens: number | undefined;
}

/** @param turns the most turns of a conversation; 0 for a run without any */
function exchange(turns: number): fc.Arbitrary<Exchange> {
  return fc.record({
    pauseUs: fc.nat(300_000),
    task: optional(fc.constantFrom("chat", "code", "sum", ""), 4),
    turns: fc.array(draft, { minLength: 1, maxLength: Math.max(turns, 1) }),
    inputTokens: optional(fc.nat(4000), 3),
  });
}

const plan = fc.record({
  /** Time or number ends it, before or behind what the requests need. */
  durationShare: upTo(1.4).map((share) => share + 0.05),
  iterations: optional(fc.constantFrom("all", "more")),
  isTimed: fc.boolean(),
  warmupShare: optional(upTo(0.4)),
  cooldownShare: optional(upTo(0.3)),
  isPartial: fc.nat(4).map((draw) => draw === 4),
  behindMs: fc.nat(3000),
  moreVus: fc.nat(7).map((draw) => (draw === 7 ? 1 : 0)),
  isHere: fc.boolean(),
  slos: optional(
    fc.uniqueArray(
      fc.tuple(fc.constantFrom("ttft", "ttfo", "tpot", "e2e"), fc.constantFrom(5, 20, 300, 900)),
      {
        selector: ([metric]) => metric,
        minLength: 1,
      },
    ),
  ),
});

const shape = fc.record({
  kind: fc.constantFrom("closed", "closed", "open"),
  clients: fc.integer({ min: 1, max: 5 }),
  /** The same exchanges again and again, each time a little slower: many requests that shrink to few. */
  rounds: fc.oneof(
    { weight: 12, arbitrary: fc.integer({ min: 1, max: 5 }) },
    { weight: 2, arbitrary: fc.integer({ min: 20, max: 45 }) },
  ),
  isScheduleKnown: fc.nat(3).map((draw) => draw > 0),
  dropEvery: optional(fc.integer({ min: 2, max: 9 })),
  plan,
  samples: optional(samples),
});
type Shape = typeof shape extends fc.Arbitrary<infer T> ? T : never;

/** A run of any kind; its journal may be empty. */
export const generatedRun: fc.Arbitrary<GeneratedRun> = fc
  .constantFrom(0, 0, 4)
  .chain((turns) =>
    fc
      .record({ shape, exchanges: fc.array(exchange(turns), { maxLength: 16, size: "max" }) })
      .map(({ shape, exchanges }) => toRun(shape, exchanges, turns > 0)),
  );

/** An exchange that is due or begins at a moment: its lines, and when its client is free again. */
interface Sender {
  send(exchange: Exchange, round: number, vu: number, startUs: number, dueUs?: number): number;
  lines: { line: RequestLine; endUs: number }[];
}

function newSender(isTalk: boolean): Sender {
  const lines: Sender["lines"] = [];
  let conversations = 0;
  return {
    lines,
    send({ task, turns, inputTokens, pauseUs }, round, vu, startUs, dueUs) {
      const talk = isTalk ? { conversation: String(conversations++), turns: String(turns.length) } : {};
      let freeUs = startUs;
      for (const [at, draft] of turns.entries()) {
        const labels = {
          ...(task !== undefined && { task }),
          ...talk,
          ...(isTalk && { turn: String(at + 1) }),
          ...(inputTokens !== undefined && { inputTokens: String(inputTokens) }),
        };
        const startUs = at === 0 ? freeUs : freeUs + Math.floor(pauseUs / 4);
        const due = at === 0 && dueUs !== undefined ? { scheduledUs: dueUs } : {};
        const sent = toLine(slower(draft, round), { id: lines.length + 1, vu, startUs, labels, ...due });
        lines.push(sent);
        freeUs = sent.endUs;
        if (FATES[draft.fate].verdict !== "complete") break;
      }
      return freeUs;
    },
  };
}

function slower(draft: Draft, round: number): Draft {
  return { ...draft, firstUs: draft.firstUs + round * 137, endUs: draft.endUs + round * 11 };
}

const BEGIN_US = 20_000;

function toRun(shape: Shape, exchanges: Exchange[], isTalk: boolean): GeneratedRun {
  const sender = newSender(isTalk);
  const offsetsUs =
    shape.kind === "open" ? sendOpen(sender, shape, exchanges) : sendClosed(sender, shape, exchanges);
  const ended = sender.lines.toSorted((a, b) => a.endUs - b.endUs || a.line.id - b.line.id);
  const lines = ended.map(({ line }) => line);
  const input = toInput(
    shape,
    lines,
    offsetsUs?.map((us) => us / 1000),
  );
  return { lines: lines.map((line) => withPhase(line, input)), input };
}

/** Every client its part of the exchanges, one behind the other. */
function sendClosed(sender: Sender, { clients, rounds }: Shape, exchanges: Exchange[]): undefined {
  for (let vu = 1; vu <= clients; vu += 1) {
    const own = exchanges.filter((_, index) => index % clients === vu - 1);
    let freeUs = BEGIN_US + vu * 1234;
    for (let round = 0; round < rounds; round += 1)
      for (const exchange of own) freeUs = sender.send(exchange, round, vu, freeUs + exchange.pauseUs);
  }
}

/** Each arrival to the client that is free first; @returns when they were due */
function sendOpen(sender: Sender, { clients, rounds, dropEvery }: Shape, exchanges: Exchange[]): number[] {
  const free = Array.from({ length: clients }, (_, index) => ({ vu: index + 1, atUs: 0 }));
  const due: number[] = [];
  for (let round = 0; round < rounds; round += 1) {
    for (const exchange of exchanges) {
      const dueUs = (due.at(-1) ?? 0) + exchange.pauseUs;
      due.push(dueUs);
      if (dropEvery !== undefined && due.length % dropEvery === 0) continue;
      const client = free.reduce((a, b) => (b.atUs < a.atUs ? b : a));
      const scheduledUs = BEGIN_US + dueUs;
      const startUs = Math.max(scheduledUs, client.atUs) + (exchange.pauseUs % 97);
      client.atUs = sender.send(exchange, round, client.vu, startUs, scheduledUs);
    }
  }
  return due;
}

function toInput(shape: Shape, lines: RequestLine[], offsetsMs: number[] | undefined): GeneratedRun["input"] {
  const { plan } = shape;
  const lastEndMs = lines.reduce((last, { endMs }) => Math.max(last, endMs), 0);
  const seconds = Math.ceil(lastEndMs * plan.durationShare) / 1000 + 0.001;
  const share = (part: number | undefined) => Math.floor((part ?? 0) * seconds * 1000) / 1000;
  const [warmup, cooldown] = [share(plan.warmupShare), share(plan.cooldownShare)];
  const endedMs = Math.ceil(lastEndMs) + plan.behindMs;
  const isKnown = offsetsMs !== undefined && shape.isScheduleKnown && offsetsMs.length > 0;
  return {
    config: toConfig(shape, lines.length, seconds, {
      ...(warmup > 0 && { warmupTime: warmup }),
      ...(cooldown > 0 && { cooldownTime: cooldown }),
    }),
    outcome: { ...outcome, endedUnixMs: outcome.startedUnixMs + endedMs, partial: plan.isPartial },
    ...(isKnown && { schedule: { offsetsMs, seconds } }),
    ...(offsetsMs !== undefined && {
      k6Summary: {
        metrics: {
          dropped_iterations: { type: "counter", values: { count: offsetsMs.length - countDue(lines) } },
        },
      },
    }),
    ...(shape.samples && { samples: toSamples(shape.samples, lines) }),
  };
}

function countDue(lines: RequestLine[]): number {
  return lines.filter(({ scheduledMs }) => scheduledMs !== undefined).length;
}

function toConfig(
  { kind, clients, plan }: Shape,
  requests: number,
  seconds: number,
  phases: Record<string, number>,
): RunInput["config"] {
  const { iterations: _, ...base } = config;
  const more = { all: requests, more: requests + 1 };
  return {
    ...base,
    serverStartedHere: false,
    serverUrl: plan.isHere ? "http://127.0.0.1:8080" : "http://10.0.0.7:8080",
    kind: kind === "open" ? "open" : "closed",
    vus: clients + plan.moreVus,
    durationSeconds: seconds,
    ...(plan.iterations && { iterations: more[plan.iterations] }),
    values: {
      ...config.values,
      ...phases,
      ...(plan.isTimed && { duration: seconds }),
      ...(plan.slos && { slo: plan.slos.map(([metric, limit]) => `${metric}=${limit}ms`) }),
    },
  };
}

/** By when it was due, or by its start, as the scenarios do it. */
function withPhase(line: RequestLine, { config, schedule }: GeneratedRun["input"]): RequestLine {
  const { warmupTime, cooldownTime } = config.values as Record<string, number | undefined>;
  if (warmupTime === undefined && cooldownTime === undefined) return line;
  const fromMs = (line.scheduledMs ?? line.startMs) - BEGIN_US / 1000;
  const seconds = schedule?.seconds ?? config.durationSeconds;
  const isLate = cooldownTime !== undefined && fromMs >= 1000 * (seconds - cooldownTime);
  const phase = fromMs < 1000 * (warmupTime ?? 0) ? "warmup" : isLate ? "cooldown" : "measure";
  return { ...line, labels: { ...line.labels, phase } };
}
