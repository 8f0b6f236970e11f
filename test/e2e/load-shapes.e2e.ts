// Load shapes with the real k6, as the server saw them: when requests arrived, how many at a time, whose they were.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { toTraceRows } from "../../bench-runner/prompts/trace/trace-prompts.ts";
import { toArrivalOffsets } from "../../lib/core/plans/arrivals.ts";
import type { RequestLine } from "../../lib/core/request/facts.ts";
import { iterations, runLoad } from "../fake/fake-load.ts";
import type { FakeServer } from "../fake/fake-server.ts";
import { endOf, errorLines, makeFolder } from "../run/k6-run.ts";

const scenario = (name: string) => new URL(`../../dist/${name}.js`, import.meta.url).pathname;
const open = (env: Record<string, string>, behaviour = {}) =>
  runLoad(
    { tokens: 3, ...behaviour },
    { script: scenario("open"), env: { SERVER_BENCH_MAX_TOKENS: "8", ...env } },
  );
const closed = (env: Record<string, string>, behaviour = {}) =>
  runLoad(
    { tokens: 3, ...behaviour },
    { script: scenario("closed"), env: { SERVER_BENCH_MAX_TOKENS: "8", ...env } },
  );

/** The ids of the project's own prompts. */
const rowOf = new Map(
  readFileSync(new URL("../../datasets/prompts.jsonl", import.meta.url), "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as { id: string; prompt: string })
    .map(({ id, prompt }) => [prompt, id]),
);

/** Milliseconds from the first arrival at the server. */
function arrivalsOf({ chats }: FakeServer): number[] {
  const times = chats.map(({ arrivedUnixMs }) => arrivedUnixMs).sort((a, b) => a - b);
  return times.map((time) => time - (times[0] as number));
}
const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[values.length >> 1] as number;

/** Coefficient of variation of the gaps: 1 for a Poisson process. */
function variation(times: readonly number[]): number {
  const gaps = times.slice(1).map((at, index) => at - (times[index] as number));
  return Math.sqrt(mean(gaps.map((gap) => (gap - mean(gaps)) ** 2))) / mean(gaps);
}

/** The most requests that were open at any moment, by the server's own stamps. */
function mostOpen({ chats }: FakeServer): number {
  const moments = chats.flatMap(({ arrivedUnixMs, endedUnixMs }) => [
    [arrivedUnixMs, 1] as const,
    [endedUnixMs, -1] as const,
  ]);
  moments.sort(([a, up], [b, down]) => a - b || up - down);
  let now = 0;
  return Math.max(...moments.map(([, change]) => (now += change)));
}
const delaysOf = (requests: readonly RequestLine[]) =>
  requests.map(({ startMs, scheduledMs }) => startMs - (scheduledMs as number));

describe("an open loop, as the server sees it", () => {
  it("constant: evenly and in order, whatever the answers take", async () => {
    const { server, run, prompts } = await open(
      { SERVER_BENCH_RATE: "50", SERVER_BENCH_DURATION: "2s", SERVER_BENCH_ARRIVALS: "constant" },
      { firstTokenDelayMs: 300 },
    );
    expect(endOf(run)).toEqual({ exitCode: 0, hung: false });
    const arrivals = arrivalsOf(server);
    expect(arrivals).toHaveLength(100);
    const late = arrivals.map((at, index) => Math.abs(at - index * 20));
    expect(median(late)).toBeLessThan(20);
    const planned = run.requests
      .sort((a, b) => (a.scheduledMs as number) - (b.scheduledMs as number))
      .map(({ labels }) => labels.row);
    expect(prompts.map((prompt) => rowOf.get(prompt))).toEqual(planned);
    expect(run.summary?.metrics.llamacpp_schedule_delay?.values.count).toBe(100);
    expect(run.summary?.metrics.llamacpp_scheduled_ttft?.values.count).toBe(100);
  });

  it("each prompt of the dataset once where nothing sizes the load, which a closed loop does, too", async () => {
    const dataset = join(makeFolder(), "nine.jsonl");
    const rows = Array.from({ length: 9 }, (_, at) => `{"prompt": "Name the number ${at} in words"}\n`);
    writeFileSync(dataset, rows.join(""));
    const env = { SERVER_BENCH_DATASET: dataset };
    const loads = [
      await open({ ...env, SERVER_BENCH_RATE: "40" }),
      await closed({ ...env, SERVER_BENCH_VUS: "2", SERVER_BENCH_RAMP_UP: "0" }),
    ];
    for (const { server, run } of loads) {
      expect(endOf(run)).toEqual({ exitCode: 0, hung: false });
      expect(server.chats).toHaveLength(9);
    }
    expect(new Set(loads[0]?.prompts).size).toBe(9);
  });

  it("Poisson: the plan's own moments, the same again from the same seed", async () => {
    const env = { SERVER_BENCH_RATE: "40", SERVER_BENCH_ITERATIONS: "80", SERVER_BENCH_SEED: "7" };
    const stages = [{ seconds: 2, from: 40, to: 40 }];
    const planned = toArrivalOffsets({ stages, process: "poisson", burstiness: 1, seed: 7 });
    const dueOf = ({ requests }: { requests: RequestLine[] }) => {
      const due = requests.map(({ scheduledMs }) => scheduledMs as number).sort((a, b) => a - b);
      return due.map((at) => at - (due[0] as number));
    };
    const [first, second] = [await open(env), await open(env)];
    for (const { run, server } of [first, second]) {
      expect(endOf(run)).toEqual({ exitCode: 0, hung: false });
      const due = dueOf(run);
      for (const [index, at] of due.entries()) {
        expect(at).toBeCloseTo((planned[index] as number) - (planned[0] as number), 2);
      }
      const arrivals = arrivalsOf(server);
      const late = arrivals.map((at, index) => Math.abs(at - (due[index] as number)));
      expect(median(late)).toBeLessThan(20);
      expect(Math.abs(variation(arrivals) - variation(due))).toBeLessThan(0.2);
    }
  });

  it("a cap holds at every moment; what waits is sent late, and its wait is counted", async () => {
    const { server, run } = await open(
      {
        SERVER_BENCH_RATE: "50",
        SERVER_BENCH_ITERATIONS: "40",
        SERVER_BENCH_ARRIVALS: "constant",
        SERVER_BENCH_MAX_CONCURRENCY: "4",
      },
      { firstTokenDelayMs: 150 },
    );
    expect(endOf(run)).toEqual({ exitCode: 0, hung: false });
    expect(server.chats).toHaveLength(40);
    expect(mostOpen(server)).toBe(4);
    const delays = delaysOf(run.requests);
    expect(Math.max(...delays)).toBeGreaterThan(300);
    // Time to first token from the schedule has the wait; from the sent request it has not.
    const { values: scheduled = {} } = run.summary?.metrics.llamacpp_scheduled_ttft ?? {};
    const { values: sent = {} } = run.summary?.metrics.llamacpp_ttft ?? {};
    expect((scheduled.avg ?? 0) - (sent.avg ?? 0)).toBeGreaterThan(mean(delays) - 20);
  });

  it("or it is dropped, and counted", async () => {
    const { server, run } = await open(
      {
        SERVER_BENCH_RATE: "50",
        SERVER_BENCH_ITERATIONS: "40",
        SERVER_BENCH_ARRIVALS: "constant",
        SERVER_BENCH_MAX_CONCURRENCY: "4",
        SERVER_BENCH_WHEN_BUSY: "drop",
      },
      { firstTokenDelayMs: 150 },
    );
    expect(endOf(run)).toEqual({ exitCode: 0, hung: false });
    const dropped = run.summary?.metrics.dropped_iterations?.values.count ?? 0;
    expect(dropped).toBeGreaterThan(5);
    expect(server.chats).toHaveLength(40 - dropped);
    expect(mostOpen(server)).toBeLessThanOrEqual(4);
    expect(Math.max(...delaysOf(run.requests))).toBeLessThan(150);
  });

  it("a schedule that the runner made: a trace's lengths, exactly", async () => {
    const folder = makeFolder();
    const [path, rows] = [join(folder, "schedule.json"), join(folder, "prompts.jsonl")];
    const promptTokens = [12, 300, 4000];
    const outputTokens = [5, 7, 3];
    const schedule = { offsetsMs: [0, 100, 150], seconds: 0.15, promptTokens, outputTokens };
    writeFileSync(path, JSON.stringify(schedule));
    const lines = toTraceRows(schedule)?.map((row) => JSON.stringify(row)) ?? [];
    writeFileSync(rows, lines.join("\n"));
    const { bodies, run } = await open(
      { SERVER_BENCH_TRACE: "given", SERVER_BENCH_SCHEDULE: path, SERVER_BENCH_ROWS: rows },
      { tokens: 100 },
    );
    expect(endOf(run)).toEqual({ exitCode: 0, hung: false }); // answers of a given length are no truncation
    const received = bodies as {
      messages: { role: string; content: string }[];
      max_tokens: number;
      min_tokens: number;
    }[];
    const byLength = [...received].sort((a, b) => length(a) - length(b));
    expect(byLength.map(length)).toEqual(promptTokens);
    expect(byLength.map(({ max_tokens, min_tokens }) => [max_tokens, min_tokens])).toEqual([
      [5, 5],
      [7, 7],
      [3, 3],
    ]);
    expect(new Set(received.map(({ messages }) => messages[0]?.content.slice(0, 40))).size).toBe(3);
    function length({ messages }: (typeof received)[0]): number {
      return messages.reduce((sum, { content }) => sum + content.split(" ").length, 0);
    }
  });
});

describe("warm-up and cool-down", () => {
  it("are sent, tagged, and left out of what is judged", async () => {
    const { run } = await open({
      SERVER_BENCH_RATE: "50",
      SERVER_BENCH_ITERATIONS: "40",
      SERVER_BENCH_ARRIVALS: "constant",
      SERVER_BENCH_WARMUP_REQUESTS: "10",
      SERVER_BENCH_COOLDOWN_TIME: "200ms",
    });
    expect(endOf(run)).toEqual({ exitCode: 0, hung: false });
    const phases = run.requests
      .sort((a, b) => (a.scheduledMs as number) - (b.scheduledMs as number))
      .map(({ labels }) => labels.phase?.[0]);
    expect(phases.join("")).toBe(`${"w".repeat(10)}${"m".repeat(20)}${"c".repeat(10)}`);
    const judged = run.summary?.metrics["llamacpp_completed_requests{phase:measure}"];
    expect(judged?.values.count).toBe(20);
    expect(judged?.thresholds).toEqual({ "count>0": { ok: true } });
  });
});

describe("a cool-down of the classic, by k6's flags", () => {
  it("counts back from --iterations", async () => {
    const env = { SERVER_BENCH_COOLDOWN_REQUESTS: "3" };
    const { run } = await runLoad({ tokens: 3 }, { args: iterations(10), env });
    expect(endOf(run)).toEqual({ exitCode: 0, hung: false });
    expect(run.requests.map(({ labels }) => labels.phase?.[0]).join("")).toBe("mmmmmmmccc");
  });

  it("is refused where nothing says where the end is", async () => {
    const env = { SERVER_BENCH_COOLDOWN_REQUESTS: "3" };
    const { server, run } = await runLoad({}, { args: ["--vus", "1", "--duration", "5s"], env });
    expect(run.exitCode).toBe(108);
    expect(errorLines(run.output).join("\n")).toMatch(
      /A cool-down counts back from the end: use SERVER_BENCH_COOLDOWN_REQUESTS with --iterations/,
    );
    expect(server.chats).toHaveLength(0);
  });
});

describe("a closed loop, as the server sees it", () => {
  it("clients start one after the other over the ramp", async () => {
    const { server, run } = await closed(
      {
        SERVER_BENCH_VUS: "10",
        SERVER_BENCH_ITERATIONS: "20",
        SERVER_BENCH_RAMP_UP: "1s",
      },
      { firstTokenDelayMs: 1200 },
    );
    expect(endOf(run)).toEqual({ exitCode: 0, hung: false });
    const first = arrivalsOf(server).slice(0, 10);
    for (const [index, at] of first.entries()) expect(Math.abs(at - index * 100)).toBeLessThan(100);
  });

  it("each client has the same sequence of prompts in every run, whatever the others do", async () => {
    const sequences = async (behaviour: object) => {
      const env = {
        SERVER_BENCH_VUS: "4",
        SERVER_BENCH_ITERATIONS: "24",
        SERVER_BENCH_RAMP_UP: "0",
      };
      const { run } = await closed(env, behaviour);
      return [1, 2, 3, 4].map((client) =>
        run.requests.filter(({ labels }) => labels.client === String(client)).map(({ labels }) => labels.row),
      );
    };
    const [calm, hasty] = [await sequences({ firstTokenDelayMs: 20 }), await sequences({})];
    for (const [client, rows] of calm.entries()) {
      const others = hasty[client] as (string | undefined)[];
      const both = Math.min(rows.length, others.length);
      expect(both).toBeGreaterThan(1);
      expect(rows.slice(0, both)).toEqual(others.slice(0, both));
    }
    expect(new Set(calm.map(([row]) => row)).size).toBe(4);
  });

  it("stages: 2, then 6, then 3 at a time", async () => {
    const { server, run } = await closed(
      { SERVER_BENCH_STAGES: "1s:2,1s:6,1s:3" },
      { firstTokenDelayMs: 40 },
    );
    expect(endOf(run)).toEqual({ exitCode: 0, hung: false });
    const startMs = Math.min(...server.chats.map(({ arrivedUnixMs }) => arrivedUnixMs));
    const openAt = (ms: number) =>
      server.chats.filter(
        ({ arrivedUnixMs, endedUnixMs }) => arrivedUnixMs - startMs <= ms && ms < endedUnixMs - startMs,
      );
    const clientsAt = (from: number, to: number) => {
      const counts = Array.from({ length: 40 }, (_, i) => openAt(from + ((to - from) * i) / 40).length);
      return Math.max(...counts);
    };
    expect([clientsAt(300, 900), clientsAt(1300, 1900), clientsAt(2300, 2800)]).toEqual([2, 6, 3]);
  });

  it("a client starts nothing more when its time is over, and the run ends by itself", async () => {
    const { run } = await closed(
      {
        SERVER_BENCH_VUS: "4",
        SERVER_BENCH_RAMP_UP: "800ms",
        SERVER_BENCH_THREAD_STOP_TIME: "1s",
      },
      { firstTokenDelayMs: 50 },
    );
    expect(endOf(run)).toEqual({ exitCode: 0, hung: false });
    for (const client of ["1", "2", "3", "4"]) {
      const starts = run.requests
        .filter(({ labels }) => labels.client === client)
        .map(({ startMs }) => startMs);
      expect(starts.length).toBeGreaterThan(5);
      expect(Math.max(...starts) - Math.min(...starts)).toBeLessThan(1050);
    }
  });
});

describe("k6's own flags", () => {
  const rows: [string, string, string, RegExp][] = [
    ["open", "--vus", "3", /SERVER_BENCH_RATE.*SERVER_BENCH_MAX_CONCURRENCY/],
    ["open", "--duration", "3s", /turn this scenario into a plain closed loop/],
    ["closed", "--iterations", "3", /SERVER_BENCH_VUS, SERVER_BENCH_STAGES/],
  ];
  it.each(rows)("make no other load of `%s`: %s %s is refused", async (name, flag, value, message) => {
    const env = { SERVER_BENCH_RATE: "5", SERVER_BENCH_ITERATIONS: "9" };
    const { server, run } = await runLoad(
      {},
      {
        script: scenario(name),
        args: [flag, value],
        env: name === "open" ? env : {},
      },
    );
    expect(run.exitCode).toBe(108);
    expect(errorLines(run.output).join("\n")).toMatch(message);
    expect(server.chats).toHaveLength(0);
  });

  it("an open loop without a schedule is refused in one line", async () => {
    const { run } = await open({});
    expect(run.exitCode).toBe(107);
    expect(run.output).toMatch(/An open loop needs to know when requests are due: add `--rate 2`/);
  });
});
