// What a run sends, seen by the server: conversations, mixes, made-up prompts, lengths, whole answers, base models.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import type { Message } from "../../lib/core/prompts/message.ts";
import type { RequestLine } from "../../lib/core/request/facts.ts";
import { iterations, runLoad } from "../fake/fake-load.ts";
import { type BehaviourSource, type FakeServer, startFakeServer } from "../fake/fake-server.ts";
import { type ChatPrompt, promptOf } from "../run/chat-prompt.ts";
import { makeFolder, readJournalText } from "../run/k6-run.ts";
import { countedByServer, type RunnerRun, runRunner } from "../run/runner-run.ts";

interface Body extends Record<string, unknown> {
  messages: Message[];
  prompt?: string;
}

interface Ran {
  run: RunnerRun;
  server: FakeServer;
  bodies: Body[];
  prompts: string[];
  lines: RequestLine[];
}

async function run(args: readonly string[], behaviour: BehaviourSource = { tokens: 4 }): Promise<Ran> {
  const server = await startFakeServer({ behaviour });
  try {
    const ran = await runRunner({
      args: ["--url", server.url, "--max-tokens", "16", "--truncated-limit", "1", ...args],
      env: countedByServer,
    });
    const bodies = server.chats.map(({ body }) => body as Body);
    const journal = join(ran.folder ?? "", "records.jsonl");
    const records = existsSync(journal) ? readJournalText(readFileSync(journal, "utf8")) : [];
    const lines = records.filter((line): line is RequestLine => line.type === "request");
    return { run: ran, server, bodies, prompts: bodies.map((body) => promptOf(body as ChatPrompt)), lines };
  } finally {
    await server.close();
  }
}

function writeDataset(name: string, rows: readonly unknown[]): string {
  const path = join(makeFolder(), name);
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  return path;
}

/** A ShareGPT conversation with the given number of turns, each of which names itself. */
const talk = (name: string, turns: number) => ({
  conversations: Array.from({ length: turns }, (_, turn) => [
    { from: "human", value: `${name} asks for the time number ${turn + 1}` },
    { from: "gpt", value: `${name} hears that it is ${turn + 1} already` },
  ]).flat(),
});
const oneClient = ["--vus", "1", "--order", "sequential", "--system-prompt", ""];
const countBy = (values: readonly unknown[]) => {
  const counts: Record<string, number> = {};
  for (const value of values) counts[String(value)] = (counts[String(value)] ?? 0) + 1;
  return counts;
};

describe("a conversation", () => {
  const dataset = () => writeDataset("talks.jsonl", [talk("Ann", 3), talk("Bob", 2), talk("Cem", 1)]);

  it("goes on from the server's own answers, turn by turn, one at a time for a client", async () => {
    const {
      run: ran,
      bodies,
      lines,
    } = await run([...["--dataset", dataset(), "--max-turns", "5", "--iterations", "3"], ...oneClient]);
    expect(ran.exitCode).toBe(0);
    const real = { role: "assistant", content: "The quick brown fox" };
    const asks = (name: string, turn: number) => ({
      role: "user",
      content: `${name} asks for the time number ${turn}`,
    });
    expect(bodies.map(({ messages }) => messages)).toEqual([
      [asks("Ann", 1)],
      [asks("Ann", 1), real, asks("Ann", 2)],
      [asks("Ann", 1), real, asks("Ann", 2), real, asks("Ann", 3)],
      [asks("Bob", 1)],
      [asks("Bob", 1), real, asks("Bob", 2)],
      [asks("Cem", 1)],
    ]);
    expect(lines.map(({ labels }) => `${labels.conversation}:${labels.turn}/${labels.turns}`)).toEqual([
      ...["0:1/3", "0:2/3", "0:3/3", "1:1/2", "1:2/2", "2:1/1"],
    ]);
    expect(ran.summary).toMatchObject({
      conversations: { started: 3, completed: 3, failed: 0, turnsSent: 6 },
      run: { partial: false },
      crossCheck: { verdict: "exact" },
    });
    expect(ran.summary?.groups?.turn?.map(({ name, requests }) => [name, requests])).toEqual([
      ...[
        ["1", 3],
        ["2", 2],
        ["3", 1],
      ],
    ]);
  });

  it("goes on from the dataset's answers where that is asked for, and ends after the given number of turns", async () => {
    const { run: ran, bodies } = await run([
      ...["--dataset", dataset(), "--max-turns", "2", "--history", "dataset", "--iterations", "1"],
      ...oneClient,
    ]);
    expect(ran.exitCode).toBe(0);
    expect(bodies).toHaveLength(2);
    expect(bodies[1]?.messages[1]).toEqual({
      role: "assistant",
      content: "Ann hears that it is 1 already",
    });
  });

  it("ends with its first failure, and is counted", async () => {
    const cut: BehaviourSource = (index) =>
      index === 1 ? { tokens: 4, fault: { kind: "fin", afterTokens: 2 } } : { tokens: 4 };
    const { run: ran, bodies } = await run(
      ["--dataset", dataset(), "--max-turns", "5", "--iterations", "2", ...oneClient],
      cut,
    );
    expect(bodies.map(({ messages }) => messages.length)).toEqual([1, 3, 1, 3]);
    expect(ran.summary).toMatchObject({
      requests: { byVerdict: { complete: 3, cut: 1 } },
      conversations: { started: 2, completed: 1, failed: 1, turnsSent: 4, turnsUnsent: 1 },
    });
  });

  it("pauses between an answer and the next turn, and says nothing more when the time is over", async () => {
    const { run: ran, lines } = await run([
      ...["--dataset", dataset(), "--max-turns", "3", "--think-time", "0.4", "--iterations", "1"],
      ...oneClient,
    ]);
    expect(ran.exitCode).toBe(0);
    for (const [index, line] of lines.slice(1).entries()) {
      expect(line.startMs - (lines[index] as RequestLine).endMs).toBeGreaterThanOrEqual(400);
    }
    const { lines: few } = await run([
      ...[
        "--dataset",
        dataset(),
        "--max-turns",
        "3",
        "--think-time",
        "2",
        "--duration",
        "1s",
        "--iterations",
        "1",
      ],
      ...oneClient,
    ]);
    expect(few.map(({ labels }) => labels.turn)).toEqual(["1"]);
  });

  it("has the time of its arrival in an open loop, for its first turn alone", async () => {
    const { run: ran, lines } = await run([
      ...["--dataset", dataset(), "--max-turns", "2", "--rate", "10", "--iterations", "6"],
      ...["--order", "sequential"],
    ]);
    expect(ran.exitCode).toBe(0);
    const due = lines.filter(({ scheduledMs }) => scheduledMs !== undefined);
    expect(countBy(due.map(({ labels }) => labels.turn))).toEqual({ 1: 6 });
    expect(countBy(lines.map(({ labels }) => labels.turn))).toEqual({ 1: 6, 2: 4 });
    expect(ran.summary?.arrivals).toMatchObject({ offered: 6, sent: 6, dropped: 0 });
  });
});

describe("a mixed load", () => {
  it("has each task in its share, tagged, with rows of its own in the summary", async () => {
    const { run: ran, lines } = await run([
      ...["--mix", "chat=3", "--mix", "code=1", "--n-prompts", "40", "--iterations", "40"],
    ]);
    expect(ran.exitCode).toBe(0);
    expect(countBy(lines.map(({ labels }) => labels.task))).toEqual({ chat: 30, code: 10 });
    expect(ran.summary?.groups?.task).toMatchObject([
      { name: "chat", requests: 30, byVerdict: { complete: 30 } },
      { name: "code", requests: 10, byVerdict: { complete: 10 } },
    ]);
    expect(ran.stderr).toContain("Mixed: 30 chat, 10 code.");
  });

  it("takes the prompts of a part from a dataset of its own, in sequence evenly spread", async () => {
    const words = writeDataset("words.jsonl", [
      { prompt: "First prompt of this file" },
      { prompt: "Second prompt of this file" },
    ]);
    const {
      run: ran,
      lines,
      prompts,
    } = await run([
      ...["--mix", "chat=1", "--mix", `own=1:${words}`, "--n-prompts", "8", "--iterations", "8"],
      ...oneClient,
    ]);
    expect(ran.exitCode).toBe(0);
    expect(lines.map(({ labels }) => labels.task)).toEqual(
      Array.from({ length: 8 }, (_, index) => (index % 2 === 0 ? "chat" : "own")),
    );
    expect(countBy(prompts.filter((prompt) => prompt.endsWith("of this file")))).toEqual({
      "First prompt of this file": 2,
      "Second prompt of this file": 2,
    });
    expect(ran.stderr).toContain("Task own: 2 prompts for 4 requests; they are sent again.");
  });

  it("an unknown task is refused, with the known ones", async () => {
    const { run: ran } = await run(["--mix", "poems=1"]);
    expect(ran.exitCode).not.toBe(0);
    expect(ran.folder).toBeUndefined();
    expect(ran.stderr).toMatch(
      /no row of the project's own prompts has that task; its tasks are chat, code, question-answering, summarization/,
    );
  });
});

describe("prompts that are made up", () => {
  it("have the asked lengths, nothing in common, and no system message; answers of exactly the asked length", async () => {
    const {
      run: ran,
      bodies,
      prompts,
      server,
    } = await run(
      [
        "--prompt-tokens",
        "uniform:20-40",
        "--output-tokens",
        "uniform:5-9",
        "--n-prompts",
        "30",
        "--iterations",
        "30",
      ],
      { tokens: 100 },
    );
    expect(ran.exitCode).toBe(0);
    const lengths = prompts.map((prompt) => prompt.split(" ").length);
    expect(Math.min(...lengths)).toBeGreaterThanOrEqual(20);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(40);
    expect(new Set(lengths).size).toBeGreaterThan(5);
    expect(new Set(prompts.map((prompt) => prompt.split(" ").slice(0, 4).join(" "))).size).toBe(30);
    for (const { messages, max_tokens, min_tokens, ignore_eos } of bodies) {
      expect(messages.map(({ role }) => role)).toEqual(["user"]);
      expect(min_tokens).toBe(max_tokens);
      expect(ignore_eos).toBe(true);
    }
    expect(server.chats.every(({ sentTokens }) => sentTokens >= 5 && sentTokens <= 9)).toBe(true);
    expect(new Set(server.chats.map(({ sentTokens }) => sentTokens)).size).toBeGreaterThan(2);
  });

  it("are the same for the same seed, and others for another", async () => {
    const args = [
      "--prompt-tokens",
      "lognormal:20,10",
      "--n-prompts",
      "6",
      "--iterations",
      "6",
      "--vus",
      "1",
    ];
    const [first, again, other] = [
      await run([...args, "--seed", "1"]),
      await run([...args, "--seed", "1"]),
      await run([...args, "--seed", "2"]),
    ];
    expect(again.prompts).toEqual(first.prompts);
    expect(other.prompts).not.toEqual(first.prompts);
  });

  it("share a prefix within a group, and only there", async () => {
    const { prompts } = await run([
      ...["--prompt-tokens", "30", "--prefix-tokens", "10", "--prefix-groups", "3"],
      ...["--n-prompts", "12", "--iterations", "12"],
    ]);
    const prefixes = countBy(prompts.map((prompt) => prompt.split(" ").slice(0, 10).join(" ")));
    expect(Object.values(prefixes)).toEqual([4, 4, 4]);
    expect(new Set(prompts.map((prompt) => prompt.split(" ").slice(10, 14).join(" "))).size).toBe(12);
    expect(prompts.every((prompt) => prompt.split(" ").length === 30)).toBe(true);
  });

  it("make conversations, too", async () => {
    const { bodies } = await run([
      ...["--prompt-tokens", "10", "--max-turns", "3", "--n-prompts", "2", "--iterations", "2", "--vus", "1"],
    ]);
    expect(bodies.map(({ messages }) => messages.length)).toEqual([1, 3, 5, 1, 3, 5]);
    const last = bodies[2]?.messages ?? [];
    const users = last.filter(({ role }) => role === "user").map(({ content }) => content as string);
    expect(users.map((text) => text.split(" ").length)).toEqual([10, 10, 10]);
    expect(new Set(users).size).toBe(3);
  });
});

describe("requests", () => {
  it("have the length of the dataset's own answers where that is asked for", async () => {
    const dataset = join(makeFolder(), "samples_1024.json");
    writeFileSync(
      dataset,
      JSON.stringify([
        ["Tell me about the first thing", 5, 7],
        ["Tell me about the second thing", 5, 12],
      ]),
    );
    const { bodies } = await run([
      ...["--dataset", dataset, "--output-tokens", "dataset", "--iterations", "2", ...oneClient],
    ]);
    expect(bodies.map(({ max_tokens, ignore_eos }) => [max_tokens, ignore_eos])).toEqual([
      [7, true],
      [12, true],
    ]);
    const { bodies: limited } = await run([
      ...[
        "--dataset",
        dataset,
        "--output-tokens",
        "dataset",
        "--output-length",
        "limit",
        "--iterations",
        "2",
      ],
    ]);
    expect(limited.map(({ ignore_eos }) => ignore_eos)).toEqual([undefined, undefined]);
  });

  it("carry what their row says: system message, tools, images, max_tokens", async () => {
    const tools = [{ type: "function", function: { name: "look", parameters: {} } }];
    const image = [
      { type: "text", text: "What is to be seen here?" },
      { type: "image_url", image_url: { url: "https://example.com/a.png" } },
    ];
    const dataset = writeDataset("messages.jsonl", [
      {
        messages: [
          { role: "system", content: "Be brief." },
          { role: "user", content: "Why do cats purr at night?" },
        ],
        tools,
        max_tokens: 3,
      },
      { messages: [{ role: "user", content: image }] },
    ]);
    const { bodies } = await run([
      ...["--dataset", dataset, "--iterations", "2", "--vus", "1", "--order", "sequential"],
      ...["--system-prompt", "The run's own.", "--temperature", "0.5"],
    ]);
    expect(bodies[0]).toMatchObject({
      messages: [
        { role: "system", content: "Be brief." },
        { role: "user", content: "Why do cats purr at night?" },
      ],
      tools,
      max_tokens: 3,
      temperature: 0.5,
    });
    expect(bodies[1]).toMatchObject({
      messages: [
        { role: "system", content: "The run's own." },
        { role: "user", content: image },
      ],
      max_tokens: 16,
    });
  });

  it("have the system prompt of a file, and all further fields of the options", async () => {
    const file = join(makeFolder(), "system.txt");
    writeFileSync(file, "You are a\npatient teacher.\n");
    const { bodies } = await run([
      ...["--system-prompt-file", file, "--iterations", "1", "--vus", "1", "--top-p", "0.9", "--top-k", "40"],
      ...[
        "--response-format",
        '{"type":"json_object"}',
        "--extra-body",
        '{"user":"x"}',
        "--cache-prompt",
        "off",
      ],
    ]);
    expect(bodies[0]).toMatchObject({
      messages: [{ role: "system", content: "You are a\npatient teacher." }, { role: "user" }],
      ...{ top_p: 0.9, top_k: 40, response_format: { type: "json_object" }, user: "x", cache_prompt: false },
    });
    expect(bodies[0]?.cache_salt).toEqual(expect.any(String));
  });

  it("ask for whole answers in sync mode, which have no time of a first token", async () => {
    const { run: ran, bodies } = await run(["--mode", "sync", "--iterations", "6"]);
    expect(ran.exitCode).toBe(0);
    expect(bodies[0]).toMatchObject({ stream: false });
    const metrics = ran.summary?.metrics;
    expect(metrics).toMatchObject({
      e2e: { count: 6 },
      tokensPerSecond: { count: 6 },
      completionTokens: { min: 4 },
    });
    for (const key of ["ttft", "ttfo", "tpot", "itl"] as const) expect(metrics?.[key]).toBeUndefined();
    expect(ran.summary?.throughput?.outputTokensPerSecond).toBeGreaterThan(0);
    expect(ran.summary?.crossCheck.verdict).toBe("exact");
  });

  it("go to /completions with a plain text for base models", async () => {
    const {
      run: ran,
      bodies,
      server,
    } = await run([
      ...["--endpoint", "completions", "--mix", "chat", "--n-prompts", "4", "--iterations", "4"],
    ]);
    expect(ran.exitCode).toBe(0);
    expect(new Set(server.chats.map(({ path }) => path))).toEqual(new Set(["/v1/completions"]));
    for (const { prompt, messages } of bodies) {
      expect(messages).toBeUndefined();
      expect(prompt).toMatch(/^User: [\s\S]+\n\nAssistant:$/);
    }
    expect(ran.summary?.metrics.ttft?.count).toBe(4);
  });

  it("hold conversations on /completions as one text that grows", async () => {
    const dataset = writeDataset("talks.jsonl", [talk("Ann", 2)]);
    const { bodies } = await run([
      ...[
        "--dataset",
        dataset,
        "--endpoint",
        "completions",
        "--max-turns",
        "2",
        "--iterations",
        "1",
        "--vus",
        "1",
      ],
    ]);
    expect(bodies.map(({ prompt }) => prompt)).toEqual([
      "User: Ann asks for the time number 1\n\nAssistant:",
      "User: Ann asks for the time number 1\n\nAssistant: The quick brown fox\n\nUser: Ann asks for the time number 2\n\nAssistant:",
    ]);
  });
});

describe("when every prompt was sent", () => {
  const dataset = () =>
    writeDataset(
      "five.jsonl",
      [1, 2, 3, 4, 5].map((number) => ({ prompt: `This is the prompt number ${number}` })),
    );

  it("the run ends where that is asked for, each prompt sent once", async () => {
    const { run: ran, prompts } = await run([
      ...["--dataset", dataset(), "--when-out", "end", "--iterations", "50", "--vus", "3"],
    ]);
    expect(ran.exitCode).toBe(0);
    expect(new Set(prompts).size).toBe(5);
    expect(prompts).toHaveLength(5);
    expect(ran.summary?.run.partial).toBe(false);
  });

  it("an open loop ends likewise", async () => {
    const { run: ran, prompts } = await run([
      ...["--dataset", dataset(), "--when-out", "end", "--rate", "50", "--iterations", "50"],
    ]);
    expect(ran.exitCode).toBe(0);
    expect(prompts).toHaveLength(5);
    expect(ran.summary?.arrivals).toMatchObject({ offered: 5, sent: 5 });
  });

  it("a closed loop with a ramp ends likewise", async () => {
    const { run: ran, prompts } = await run([
      ...[
        "--dataset",
        dataset(),
        "--when-out",
        "end",
        "--ramp-up",
        "0.2",
        "--vus",
        "2",
        "--iterations",
        "20",
      ],
    ]);
    expect(ran.exitCode).toBe(0);
    expect(new Set(prompts).size).toBe(5);
    expect(prompts).toHaveLength(5);
  });

  it("else they are sent again, and the run says so", async () => {
    const { run: ran, prompts } = await run(["--dataset", dataset(), "--iterations", "12", "--vus", "3"]);
    expect(ran.exitCode).toBe(0);
    expect(Object.values(countBy(prompts)).sort()).toEqual([2, 2, 2, 3, 3]);
    expect(ran.stderr).toContain("12 requests from 5 prompts: they are sent again");
    expect(ran.summary?.prompts).toMatchObject({ rows: 5, repeated: true, countedBy: "server" });
  });
});

describe("a k6 without the runner", () => {
  const single = iterations(3);

  it("holds conversations and makes prompts up as well", async () => {
    const dataset = writeDataset("talks.jsonl", [talk("Ann", 3)]);
    const env = { SERVER_BENCH_DATASET: dataset, SERVER_BENCH_MAX_TURNS: "3" };
    const { bodies } = await runLoad({ tokens: 4 }, { args: iterations(1), env });
    expect(bodies.map((body) => (body as Body).messages.length)).toEqual([2, 4, 6]);
    const made = await runLoad(
      { tokens: 4 },
      { args: single, env: { SERVER_BENCH_PROMPT_TOKENS: "12", SERVER_BENCH_OUTPUT_TOKENS: "3" } },
    );
    expect(made.prompts.map((prompt) => prompt.split(" ").length)).toEqual([12, 12, 12]);
    expect(made.bodies.map((body) => body.min_tokens)).toEqual([3, 3, 3]);
  });

  it("asks for whole answers, and sends plain texts to /completions", async () => {
    const {
      server,
      bodies,
      run: ran,
    } = await runLoad(
      { tokens: 4 },
      { args: single, env: { SERVER_BENCH_MODE: "sync", SERVER_BENCH_ENDPOINT: "completions" } },
    );
    expect(ran.exitCode).toBe(0);
    expect(new Set(server.chats.map(({ path }) => path))).toEqual(new Set(["/v1/completions"]));
    expect(bodies.every(({ stream, prompt }) => stream === false && typeof prompt === "string")).toBe(true);
  });

  it.each([
    ["SERVER_BENCH_MIX", "chat=1"],
    ["SERVER_BENCH_DATASET_FORMAT", "oasst1"],
    ["SERVER_BENCH_DATASET_COLUMN", "text"],
    ["SERVER_BENCH_TOKENIZER", "tokenizer.json"],
  ])("refuses %s, which it would do without", async (name, value) => {
    const { run: ran, bodies } = await runLoad({}, { args: single, env: { [name]: value } });
    expect(ran.exitCode).toBe(107);
    expect(ran.output).toContain(`${name} is for the runner: use \`node bench-runner\``);
    expect(bodies).toHaveLength(0);
  });

  it("ends with its prompts where that is asked for", async () => {
    const dataset = writeDataset("two.jsonl", [talk("Ann", 1), talk("Bob", 1)]);
    const env = { SERVER_BENCH_DATASET: dataset, SERVER_BENCH_WHEN_OUT: "end" };
    const { run: ran, prompts } = await runLoad({ tokens: 4 }, { args: [], env });
    expect(ran.exitCode).toBe(0);
    expect(new Set(prompts).size).toBe(2);
    expect(prompts).toHaveLength(2);
  });
});
