// Load shapes through the runner, as people start them: schedules, phases, repeats; what the summary says of them.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Schedule } from "../../lib/core/plans/schedule.ts";
import type { RequestLine } from "../../lib/core/request/facts.ts";
import { type Behaviour, type FakeServer, startFakeServer } from "../fake/fake-server.ts";
import { type ChatPrompt, promptOf } from "../run/chat-prompt.ts";
import { makeFolder } from "../run/k6-run.ts";
import { type RunnerRun, runRunner } from "../run/runner-run.ts";

async function run(
  args: readonly string[],
  behaviour: Behaviour = { tokens: 8, tokenDelayMs: 2 },
): Promise<{ run: RunnerRun; server: FakeServer }> {
  const server = await startFakeServer({ behaviour });
  try {
    return { run: await runRunner({ args: ["--url", server.url, "--max-tokens", "16", ...args] }), server };
  } finally {
    await server.close();
  }
}
const scheduleOf = ({ folder }: RunnerRun) =>
  JSON.parse(readFileSync(join(folder as string, "schedule.json"), "utf8")) as Schedule;
const recordsOf = ({ folder }: RunnerRun) =>
  readFileSync(join(folder as string, "records.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as RequestLine)
    .filter(({ type }) => type === "request");

describe("an open loop", () => {
  it("a rate: as many arrivals as it says, in the time that it says, and the summary of them", async () => {
    const { run: ran, server } = await run(["--rate", "20", "--duration", "3s"]);
    expect(ran.exitCode).toBe(0);
    expect(server.chats).toHaveLength(60);
    expect(ran.stderr).toContain("Schedule: 60 arrivals in 3.000 s, at most 1,000 at the same time.");
    expect(ran.config).toMatchObject({ kind: "open", iterations: 60, durationSeconds: 3, vus: 60 });
    expect(ran.summary).toMatchObject({
      run: { scenario: "open", partial: false },
      window: { endedBy: "duration" },
      arrivals: { offered: 60, sent: 60, dropped: 0, heldBack: 0 },
      crossCheck: { verdict: "exact" },
    });
    expect(ran.summary?.metrics.scheduledTtft?.count).toBe(60);
    expect(ran.stdout).toMatch(/Arrivals +60 of 60 sent; /);
  });

  it("a rate without a size: each prompt of the dataset once", async () => {
    const dataset = join(makeFolder(), "nine.txt");
    writeFileSync(dataset, Array.from({ length: 9 }, (_, at) => `Name the number ${at} in words\n`).join(""));
    const { run: ran, server } = await run(["--rate", "20", "--dataset", dataset]);
    expect(ran.exitCode).toBe(0);
    expect(ran.stderr).toContain("Schedule: an arrival for each prompt, in ");
    expect(new Set(server.chats.map(({ body }) => JSON.stringify(body))).size).toBe(9);
    expect(server.chats).toHaveLength(9);
    expect(ran.config).toMatchObject({ iterations: 9, vus: 9, values: { nPrompts: 9 } });
    expect(ran.config?.origins).toMatchObject({ nPrompts: "derived" });
  });

  it("connections are kept by the process, or by each client where that is asked for", async () => {
    const shared = await run(["--rate", "20", "--duration", "3s"]);
    expect(shared.run.summary?.requests.byVerdict).toEqual({ complete: 60 });
    // 8 tokens at 2 ms every 50 ms: one connection would do, a busy machine needs a few more.
    expect(shared.run.summary?.connections.opened).toBeLessThan(20);
    expect(shared.run.summary?.connections.reused).toBeGreaterThan(40);
    expect(shared.run.stdout).not.toContain("connections_not_reused");
    const own = await run(["--rate", "20", "--duration", "3s", "--connections", "own"]);
    expect(own.run.summary?.connections).toMatchObject({ opened: 60, reused: 0 });
  });

  it("a load that is over before its planned end keeps what the server says of itself", async () => {
    const { run: ran } = await run(["--rate", "1", "--duration", "4s", "--arrivals", "constant"]);
    // The last of four answers ends a second before the end of the window.
    const { endedBy, seconds = 0 } = ran.summary?.window ?? {};
    expect(endedBy).toBe("duration");
    expect(ran.summary?.server.absent.map(({ what }) => what)).not.toContain("metrics");
    expect((ran.summary?.server.generatedTokensPerSecond ?? 0) * seconds).toBeCloseTo(32, 3);
  });

  it("a function of time, as people write it in Python: bursts each second, a pause of a minute shortened to one", async () => {
    const text = "lambda t: int(t/0.1+1) if t<2 else 11 if t<62 else 13 if t<63 else None";
    const { run: ran, server } = await run(["--arrivals-function", text, "--skip-idle-min", "1"]);
    expect(ran.exitCode).toBe(0);
    expect(server.chats).toHaveLength(13);
    const { offsetsMs } = scheduleOf(ran);
    const burst = Array.from({ length: 10 }, (_, tick) => 1000 + 10 * tick);
    expect(offsetsMs.map(Math.round)).toEqual([0, ...burst, 62_000, 62_010]);
    const records = recordsOf(ran);
    const due = records.map(({ scheduledMs }) => scheduledMs as number).sort((a, b) => a - b);
    const at = due.map((ms) => ms - (due[0] as number));
    expect(at.slice(0, 11).map(Math.round)).toEqual([0, ...burst]);
    // The pause is over a second after the last answer of the burst, which takes 16 ms or, on a busy machine, more.
    const last = Math.max(
      ...records.map(({ endMs }) => endMs).filter((endMs) => endMs < (due[11] as number)),
    );
    expect((due[11] as number) - last).toBeGreaterThan(999);
    expect(at[11]).toBeLessThan(20_000);
    expect((at[12] as number) - (at[11] as number)).toBeCloseTo(10, 1);
    expect(ran.summary?.arrivals).toMatchObject({ offered: 13, sent: 13, dropped: 0 });
    expect(ran.summary?.window?.seconds).toBeLessThan(20);
  });

  it("a wrong function: a caret under the column, exit code 2, nothing started", async () => {
    const { run: ran, server } = await run(["--arrivals-function", "lambda t: int(t/0.1+) if t<2 else None"]);
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toMatch(/lambda t: int\(t\/0\.1\+\) if t<2 else None\n {2} {20}\^/);
    expect(ran.folder).toBeUndefined();
    expect(server.requests).toHaveLength(0);
  });

  it("a trace: its moments at another speed, its lengths as they are", async () => {
    const trace = new URL("../fixtures/traces/azure.csv", import.meta.url).pathname;
    const { run: ran, server } = await run(["--trace", trace, "--trace-speed", "10"], {
      tokens: 5000,
    });
    expect(ran.exitCode).toBe(0);
    const { offsetsMs, outputTokens } = scheduleOf(ran);
    expect(server.chats).toHaveLength(offsetsMs.length);
    expect(server.chats.map(({ sentTokens }) => sentTokens).sort()).toEqual([...(outputTokens ?? [])].sort());
    expect(ran.stderr).toMatch(/read as `azure`: \d+ requests/);
  });

  it("a trace that says what its prompts have in common: equal blocks are equal texts", async () => {
    const trace = new URL("../fixtures/traces/mooncake.jsonl", import.meta.url).pathname;
    const { run: ran, server } = await run(["--trace", trace, "--trace-speed", "20"], { tokens: 5000 });
    expect(ran.exitCode).toBe(0);
    const rows = readFileSync(trace, "utf8").trim().split("\n");
    const asked = rows.map((row) => JSON.parse(row) as { input_length: number; hash_ids: number[] });
    const words = new Map(
      server.chats.map(({ body }) => {
        const text = promptOf(body as ChatPrompt).split(" ");
        return [text.length, text];
      }),
    );
    const textOf = (index: number) => words.get(asked[index]?.input_length as number) as string[];
    const begin = (index: number, count: number) => textOf(index).slice(0, count).join(" ");
    expect([...words.keys()].sort()).toEqual(asked.map(({ input_length }) => input_length).sort());
    expect(begin(1, 512)).toBe(begin(0, 512));
    expect(begin(5, 1024)).toBe(begin(0, 1024));
    expect(begin(8, 1500)).toBe(begin(5, 1500));
    expect(begin(3, 1024)).not.toBe(begin(0, 1024));
    expect(begin(2, 8)).not.toBe(begin(4, 8));
    expect(ran.stderr).toContain("7 of the 26 blocks of 512 tokens were in an earlier prompt.");
    expect(ran.summary?.prompts).toMatchObject({ source: "trace", rows: 12 });
  });

  it("a cap that binds is said, with how many waited and how long", async () => {
    const { run: ran } = await run(
      ["--rate", "40", "--iterations", "40", "--max-concurrency", "2", "--arrivals", "constant"],
      {
        tokens: 2,
        firstTokenDelayMs: 100,
      },
    );
    expect(ran.exitCode).toBe(0);
    const { arrivals, warnings } = ran.summary ?? {};
    expect(arrivals?.heldBack).toBeGreaterThan(30);
    expect(arrivals?.heldBackMeanMs).toBeGreaterThan(200);
    expect(warnings?.map(({ code }) => code)).toContain("held_back");
    expect(warnings?.map(({ code }) => code)).toContain("rate_missed");
    expect(warnings?.map(({ code }) => code)).not.toContain("client_bottleneck");
  });

  it("what is dropped is counted against what was offered", async () => {
    const { run: ran, server } = await run(
      [
        "--rate",
        "40",
        "--iterations",
        "40",
        "--max-concurrency",
        "2",
        "--when-busy",
        "drop",
        "--arrivals",
        "constant",
      ],
      { tokens: 2, firstTokenDelayMs: 100 },
    );
    expect(ran.exitCode).toBe(0);
    const { arrivals } = ran.summary ?? {};
    expect(arrivals?.offered).toBe(40);
    expect(arrivals?.sent).toBe(server.chats.length);
    expect(arrivals?.dropped).toBe(40 - server.chats.length);
    expect(arrivals?.dropped).toBeGreaterThan(10);
  });
});

describe("phases", () => {
  it("warm-up and cool-down are counted apart from what is measured", async () => {
    const { run: ran } = await run([
      ...["--vus", "4", "--iterations", "40"],
      ...["--warmup-requests", "8", "--cooldown-requests", "4"],
    ]);
    expect(ran.exitCode).toBe(0);
    expect(ran.summary).toMatchObject({
      requests: { started: 40, measured: 28, warmup: 8, cooldown: 4 },
      crossCheck: { verdict: "exact" },
      reconciliation: { verdict: "exact" },
    });
    expect(ran.summary?.metrics.ttft?.count).toBe(28);
    expect(ran.stdout).toContain("28 of 28 complete; 8 of the warm-up and 4 of the cool-down not measured");
  });
});

describe("repeats", () => {
  it("one server, a folder and a column each, the middle and the range", async () => {
    const { run: ran, server } = await run([
      "--vus",
      "2",
      "--iterations",
      "6",
      "--repeat",
      "3",
      "--sleep",
      "0",
    ]);
    expect(ran.exitCode).toBe(0);
    expect(server.chats).toHaveLength(18);
    const folder = ran.folder as string;
    const repeats = readdirSync(folder).filter((name) => name.startsWith("repeat-"));
    expect(repeats.sort()).toEqual(["repeat-1", "repeat-2", "repeat-3"]);
    for (const name of repeats) expect(existsSync(join(folder, name, "summary.json"))).toBe(true);
    expect(ran.stdout).toMatch(/median +range +#1 +#2 +#3\nRequests per second/);
    // Each has prompts of its own, and says which seed chose them and what was done to the server's cache.
    const read = (name: string, file: string) => readFileSync(join(folder, name, file), "utf8");
    expect(new Set(repeats.map((name) => read(name, "prompts.jsonl"))).size).toBe(3);
    const configurations = repeats.map((name) => JSON.parse(read(name, "summary.json")).configuration);
    expect(configurations.map(({ repeat }) => repeat)).toEqual(
      [42, 1_000_045, 2_000_048].map((seed, index) => ({ number: index + 1, of: 3, seed })),
    );
    expect(new Set(server.chats.map(({ body }) => (body as { seed: number }).seed))).toEqual(
      new Set([42, 1_000_045, 2_000_048]),
    );
    for (const { values, promptCache } of configurations) {
      expect(values.seed).toBe(42);
      expect(promptCache).toEqual([{ state: "kept", said: expect.stringContaining("was not erased: 404") }]);
    }
    const again = await runRunner({ args: ["report", join(folder, "repeat-2")] });
    expect(again.exitCode).toBe(0);
  });

  it("--throughput-only prints just that", async () => {
    const { run: ran } = await run(["--vus", "2", "--iterations", "6", "--throughput-only"]);
    expect(ran.exitCode).toBe(0);
    expect(
      ran.stdout
        .trim()
        .split("\n")
        .map((line) => line.split(/ {2,}/)[0]),
    ).toEqual(["Requests per second", "Output tokens per second", "Total tokens per second"]);
  });
});
