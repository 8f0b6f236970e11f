// What the client's priority costs a server on the same cores: its speed with and without.
import { join } from "node:path";
import { readJournal } from "../../bench-runner/run-folder/journal-reader.ts";
import { compareWithTruth } from "../../bench-runner/runs/calibrate/truth.ts";
import { toQuantile } from "../../bench-runner/statistics/quantile.ts";
import { journalOf, type Load, runClient } from "../client.ts";
import { BUSY_ARGS, findModel, startLlamaServer } from "../llama-server.ts";
import { type PartContext, runTrial } from "../part.ts";
import { type Spread, toSpread } from "../spread.ts";

export interface PriorityFigures {
  /** Token events per second that arrived. */
  eventsPerSecond: Spread;
  /** Relative to the same round without priority. */
  ratio: Spread;
  /** p99, ms: at the null server by its own log, at llama-server by the client. */
  ttftP99: Spread;
  gapP99: Spread;
  clientCpuSeconds: Spread;
}

export interface PriorityResult {
  /** By server, then by priority. */
  figures: Record<string, Record<string, PriorityFigures>>;
}

interface Measured {
  eventsPerSecond: number;
  ttftP99: number;
  gapP99: number;
  clientCpuSeconds: number;
}

type Priority = Pick<Load, "priority" | "session">;

const PRIORITIES: Record<string, Priority> = {
  none: { priority: "none" },
  "real time": { priority: "realtime" },
  "raised session": { priority: "autogroup", session: "own" },
};

type Measure = (priority: Priority) => Promise<Measured>;

function paced(streams: number, seconds: number): Measure {
  const workload = { tokens: seconds * 50, pace: "20ms", "first-token": "200ms", spread: "1s" };
  return async (priority) => {
    const load = { streams, requests: streams, ...priority };
    const trial = { kind: "record" as const, workload, keepTruth: true, load };
    const { found, client } = await runTrial(trial, async (folder) => ({
      rate: await readRate(journalOf(folder)),
      truth: await compareWithTruth(journalOf(folder), join(folder, "truth.jsonl"), false),
    }));
    const { ttft, serverItl } = found.truth;
    return {
      eventsPerSecond: found.rate.eventsPerSecond,
      ttftP99: ttft.server.p99,
      gapP99: serverItl.p99,
      clientCpuSeconds: client.cpuSeconds,
    };
  };
}

function atFullSpeed(streams: number, requests: number): Measure {
  return async (priority) => {
    const load = { streams, requests, ...priority };
    const workload = { tokens: 256, "events-per-write": 8 };
    const trial = { kind: "record" as const, workload, load };
    const { found, client } = await runTrial(trial, (folder) => readRate(journalOf(folder)));
    return { ...found, clientCpuSeconds: client.cpuSeconds };
  };
}

/** llama-server computes with as many threads as there are cores. */
function llamaServer(seconds: number): Measure {
  return async (priority) => {
    const server = await startLlamaServer({ threads: navigator.hardwareConcurrency, args: BUSY_ARGS });
    try {
      const kind = async (_: unknown, load: Load) =>
        await runClient("record", { url: `${server.rootUrl}/v1`, stop: () => Promise.reject() }, load);
      const env = { SERVER_BENCH_MAX_TOKENS: "128" };
      // Most answers end at this length, which the scenario's threshold is against.
      const k6Args = ["--no-thresholds", "--duration", `${seconds}s`];
      const load = { streams: 4, requests: 100_000, ...priority, env, k6Args };
      const trial = { kind, workload: { tokens: 1 }, load };
      const { found, client } = await runTrial(trial, (folder) => readRate(journalOf(folder)));
      return { ...found, clientCpuSeconds: client.cpuSeconds };
    } finally {
      await server.stop();
    }
  };
}

/** What a journal says of a run. */
async function readRate(journal: string): Promise<Omit<Measured, "clientCpuSeconds">> {
  const [ttfts, gaps]: [number[], number[]] = [[], []];
  let [events, startMs, endMs] = [0, Number.POSITIVE_INFINITY, 0];
  for await (const line of readJournal(journal)) {
    if (line.type !== "request" || line.firstTokenMs === undefined) continue;
    events += line.tokenEvents;
    startMs = Math.min(startMs, line.startMs);
    endMs = Math.max(endMs, line.endMs);
    ttfts.push(line.firstTokenMs - (line.sentMs ?? line.startMs));
    for (const gapUs of line.gapsUs ?? []) gaps.push(gapUs / 1000);
  }
  const p99 = (values: number[]) => toQuantile(Float64Array.from(values).sort(), 0.99) ?? Number.NaN;
  return { eventsPerSecond: (events * 1000) / (endMs - startMs), ttftP99: p99(ttfts), gapP99: p99(gaps) };
}

export async function runPriority(context: PartContext): Promise<PriorityResult> {
  const { isQuick, repeats, say } = context;
  const servers: Record<string, Measure> = {
    ...(findModel() !== undefined && {
      "llama-server, 4 streams": llamaServer(isQuick ? 3 : 20),
    }),
    "null server, 1,000 streams, 50 tokens/s each": paced(isQuick ? 100 : 1000, isQuick ? 3 : 12),
    "null server, 1,000 streams, full speed": atFullSpeed(isQuick ? 100 : 1000, isQuick ? 400 : 6_000),
  };
  const measured: Record<string, Record<string, Measured[]>> = {};
  for (let repeat = 0; repeat < repeats; repeat++) {
    for (const [server, measure] of Object.entries(servers)) {
      for (const [name, priority] of Object.entries(PRIORITIES)) {
        const one = await measure(priority);
        measured[server] = { ...measured[server], [name]: [...(measured[server]?.[name] ?? []), one] };
        say(
          `${server}, ${name}: ${Math.round(one.eventsPerSecond)} events/s, TTFT p99 ${one.ttftP99.toFixed(1)} ms, gap p99 ${one.gapP99.toFixed(1)} ms`,
        );
      }
    }
  }
  const figures = Object.entries(measured).map(([server, byPriority]) => [server, toFigures(byPriority)]);
  return { figures: Object.fromEntries(figures) as PriorityResult["figures"] };
}

function toFigures(byPriority: Record<string, Measured[]>): Record<string, PriorityFigures> {
  const base = byPriority.none as Measured[];
  const figures = Object.entries(byPriority).map(([name, list]): [string, PriorityFigures] => {
    const of = (pick: (one: Measured) => number) => toSpread(list.map(pick));
    const ratios = list.map((one, i) => one.eventsPerSecond / (base[i] as Measured).eventsPerSecond);
    return [
      name,
      {
        eventsPerSecond: of((one) => one.eventsPerSecond),
        ratio: toSpread(ratios),
        ttftP99: of((one) => one.ttftP99),
        gapP99: of((one) => one.gapP99),
        clientCpuSeconds: of((one) => one.clientCpuSeconds),
      },
    ];
  });
  return Object.fromEntries(figures);
}
