// Which prompts a run sends: by seed, in order, through the filter, from a raw ShareGPT file.
import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { iterations, runLoad } from "../fake/fake-load.ts";
import { makeFolder } from "../run/k6-run.ts";

function ownPrompts(): string[] {
  const text = readFileSync(new URL("../../datasets/prompts.jsonl", import.meta.url), "utf8");
  return text
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as { prompt: string }).prompt);
}

describe("which prompts are sent", () => {
  it("the same ones in the same order for the same seed, others for another", async () => {
    const args = iterations(12);
    const first = await runLoad({}, { args, env: { SERVER_BENCH_SEED: "7" } });
    const again = await runLoad({}, { args, env: { SERVER_BENCH_SEED: "7" } });
    const other = await runLoad({}, { args, env: { SERVER_BENCH_SEED: "8" } });
    expect(new Set(first.prompts).size).toBe(12);
    expect(again.prompts).toEqual(first.prompts);
    expect(other.prompts).not.toEqual(first.prompts);
    expect(ownPrompts()).toEqual(expect.arrayContaining(first.prompts));
  });

  it("the first N of the file in sequential order, again and again in passes of N", async () => {
    const { run, prompts } = await runLoad(
      {},
      { args: iterations(15), env: { SERVER_BENCH_ORDER: "sequential", SERVER_BENCH_N_PROMPTS: "5" } },
    );
    expect(run.exitCode).toBe(0);
    const firstFive = ownPrompts().slice(0, 5);
    expect(prompts.slice(0, 5)).toEqual(firstFive);
    expect(prompts.slice(5, 10).sort()).toEqual([...firstFive].sort());
    expect(prompts.slice(10, 15).sort()).toEqual([...firstFive].sort());
  });

  it("all there are, with a notice, where fewer than N pass the filter", async () => {
    const { run, prompts } = await runLoad(
      {},
      {
        args: iterations(200),
        env: {
          SERVER_BENCH_N_PROMPTS: "480",
          SERVER_BENCH_MAX_PROMPT_TOKENS: "14",
          SERVER_BENCH_MAX_TOKENS: "32",
        },
      },
    );
    const short = ownPrompts().filter((prompt) => prompt.trim().split(/\s+/).length <= 14);
    expect(short.length).toBeGreaterThan(10);
    expect(short.length).toBeLessThan(200);
    expect([...new Set(prompts)].sort()).toEqual([...short].sort());
    expect(run.output).toContain(`${short.length} prompts, 480 were asked for; using all of them`);
    expect(run.output).toContain("a prompt over 14 words");
  });

  it("the rows of a raw ShareGPT file that llama.cpp's script would take", async () => {
    const answer = { from: "gpt", value: "Here is a whole answer." };
    const conversations = [
      [{ from: "human", value: "Please tell me a story." }, answer],
      [{ from: "human", value: "Only one turn in here." }],
      [{ from: "system", value: "Not from a human at all." }, answer],
      [{ from: "human", value: "Too short." }, answer],
      [
        { from: "human", value: "The answer is too short." },
        { from: "gpt", value: "Yes." },
      ],
      [{ from: "human", value: "word ".repeat(30) }, answer],
      [
        { from: "human", value: "Prompt and answer are long." },
        { from: "gpt", value: "word ".repeat(40) },
      ],
      [{ from: "human", value: "Please tell me another one." }, answer],
    ];
    const dataset = join(makeFolder(), "sharegpt.json");
    writeFileSync(
      dataset,
      JSON.stringify(
        conversations.map((turns) => ({ id: "same", conversations: turns })),
        null,
        2,
      ),
    );
    const { run, prompts } = await runLoad(
      {},
      {
        args: iterations(2),
        env: {
          SERVER_BENCH_DATASET: dataset,
          SERVER_BENCH_ORDER: "sequential",
          SERVER_BENCH_MAX_PROMPT_TOKENS: "20",
          SERVER_BENCH_MAX_CONTEXT: "40",
        },
      },
    );
    expect(run.exitCode).toBe(0);
    expect(prompts).toEqual(["Please tell me a story.", "Please tell me another one."]);
    for (const reason of [
      "2 turns",
      "human",
      "prompt under",
      "answer under",
      "prompt over",
      "and answer over",
    ])
      expect(run.output).toContain(reason);
  });

  it("the project's own, in a folder with blanks and an umlaut in its name", async () => {
    const root = join(makeFolder(), "sp ace 100%20 für");
    for (const name of ["dist/parts", "dist/script.js", "datasets/prompts.jsonl", "lib/k6/ppl/llm.proto"]) {
      cpSync(new URL(`../../${name}`, import.meta.url), join(root, name), { recursive: true });
    }
    const { run, prompts } = await runLoad(
      {},
      {
        script: join(root, "dist/script.js"),
        args: iterations(3),
        env: { SERVER_BENCH_ORDER: "sequential" },
      },
    );
    expect(run.output).not.toContain("cannot be read");
    expect(prompts).toEqual(ownPrompts().slice(0, 3));
  });

  it("with what the row itself says: its system message, what was said before, tools and limits", async () => {
    const before = [
      { role: "user", content: "How is the weather in Ulm?" },
      { role: "assistant", content: "Rain, as it always is." },
    ];
    const tools = [{ type: "function", function: { name: "weather" } }];
    const parts = [
      { type: "text", text: "And how does tomorrow look?" },
      { type: "image_url", image_url: { url: "data:image/png;base64,AA==" } },
    ];
    const dataset = join(makeFolder(), "rows.jsonl");
    const row = { prompt: "And how does tomorrow look?", content: parts, system: "Be brief.", before };
    writeFileSync(dataset, JSON.stringify({ ...row, maxTokens: 9, body: { tools } }));
    const { bodies } = await runLoad({}, { args: iterations(1), env: { SERVER_BENCH_DATASET: dataset } });
    expect(bodies).toMatchObject([
      {
        messages: [{ role: "system", content: "Be brief." }, ...before, { role: "user", content: parts }],
        max_tokens: 9,
        tools,
      },
    ]);
  });
});
