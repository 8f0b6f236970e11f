// What bad input gets from a direct `k6 run`: one clear sentence that names the thing and the remedy, no success.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { iterations, runLoad } from "../fake/fake-load.ts";
import type { Behaviour } from "../fake/fake-server.ts";
import { endOf, errorLines, makeFolder } from "../run/k6-run.ts";

const row = (prompt: string): string => JSON.stringify({ id: "one", prompt });
const GOOD = row("Tell me about the weather today.");

const files: { name: string; text: string | undefined; env?: Record<string, string>; says: string[] }[] = [
  { name: "a file that is not there", text: undefined, says: ["cannot be read", "SERVER_BENCH_DATASET"] },
  { name: "an empty file", text: "", says: ["it is empty"] },
  { name: "a file of blanks", text: " \n\n ", says: ["it is empty"] },
  { name: "an empty list", text: "[]", says: ["it has no rows"] },
  {
    name: "a line that is no JSON",
    text: [GOOD, "what is this", GOOD].join("\n"),
    says: ["row 2", "not valid JSON"],
  },
  { name: "a last line that is cut off", text: `${GOOD}\n${GOOD.slice(0, -9)}`, says: ["row 2", "cut off"] },
  { name: "a list that is cut off", text: `[${GOOD},\n${GOOD.slice(0, -9)}`, says: ["row 2", "cut off"] },
  {
    name: "a row without a prompt",
    text: `${GOOD}\n{"question":"How are you today?"}`,
    says: ["row 2", "`prompt`"],
  },
  {
    name: "no row that passes the filter",
    text: [row("Too short."), row("word ".repeat(50)), row("word ".repeat(60))].join("\n"),
    env: { SERVER_BENCH_MAX_PROMPT_TOKENS: "20" },
    says: ["no row passes the filter", "1 had a prompt under 4 words", "2 had a prompt over 20 words"],
  },
];

const variables: { name: string; value: string; says: string }[] = [
  { name: "SERVER_BENCH_MAX_TOKENS", value: "abc", says: "expected a whole number above 0, got `abc`" },
  { name: "SERVER_BENCH_N_PROMPTS", value: "0", says: "expected a whole number above 0, got `0`" },
  { name: "SERVER_BENCH_MAX_CONTEXT", value: "1.5", says: "expected a whole number above 0, got `1.5`" },
  { name: "SERVER_BENCH_SLEEP", value: "soon", says: "expected a time" },
  { name: "SERVER_BENCH_TRUNCATED_LIMIT", value: "80%", says: "expected a number from 0 to 1, got `80%`" },
  { name: "SERVER_BENCH_TEMPERATURE", value: "hot", says: "expected a number, got `hot`" },
  {
    name: "SERVER_BENCH_ORDER",
    value: "sorted",
    says: "expected one of `random`, `sequential`, got `sorted`",
  },
  { name: "SERVER_BENCH_URL", value: "localhost:8080", says: "expected a URL that starts with http://" },
];

const servers: { name: string; behaviour: Behaviour; says: string[] }[] = [
  {
    name: "404 to everything",
    behaviour: { status: 404 },
    says: ["last status 404", "SERVER_BENCH_URL", "SERVER_BENCH_MODEL_ALIAS"],
  },
  {
    name: "401 to everything",
    behaviour: { status: 401 },
    says: ["last status 401", "SERVER_BENCH_API_KEY", "the fake server answers 401"],
  },
  {
    name: "503 to everything",
    behaviour: { status: 503 },
    says: ["last status 503", "Wait until the server has loaded"],
  },
  {
    name: "a 500 without a body to everything",
    behaviour: { status: 500, contentType: "", body: "" },
    says: ["last status 500", "server's log"],
  },
];

/** Exactly one message of an error, without the trace of a stack. */
function onlyError(output: string): string {
  const errors = [...new Set(errorLines(output))];
  expect(errors, output).toHaveLength(1);
  expect(output).not.toMatch(/\n\s+at |goroutine|panic/);
  return errors[0] as string;
}

describe("a dataset", () => {
  it.each(files)("$name", async ({ text, env, says }) => {
    const dataset = join(makeFolder(), "prompts.jsonl");
    if (text !== undefined) writeFileSync(dataset, text);
    const { run, server } = await runLoad(
      {},
      { args: iterations(4), env: { SERVER_BENCH_DATASET: dataset, ...env } },
    );
    expect(endOf(run)).toEqual({ exitCode: 107, hung: false });
    const error = onlyError(run.output);
    for (const part of [dataset, ...says]) expect(error).toContain(part);
    expect(server.requests).toHaveLength(0);
  });
});

describe("a variable", () => {
  it.each(variables)("$name=$value", async ({ name, value, says }) => {
    const { run, server } = await runLoad({}, { args: iterations(4), env: { [name]: value } });
    expect(endOf(run)).toEqual({ exitCode: 107, hung: false });
    const error = onlyError(run.output);
    expect(error).toContain(`\`${name}\``);
    expect(error).toContain(says);
    expect(server.requests).toHaveLength(0);
  });
});

describe("a server that answers", () => {
  it.each(servers)("$name", async ({ behaviour, says }) => {
    const { run, server } = await runLoad(behaviour, { args: ["--vus", "4", "--duration", "5m"] });
    expect(endOf(run)).toEqual({ exitCode: 108, hung: false });
    for (const part of [server.url, ...says]) expect(run.output).toContain(part);
    expect(run.output).not.toMatch(/\n\s+at |goroutine|panic/);
    // Those of the other clients that the end interrupted may not have reached the server.
    const answered = run.requests.filter((line) => line.status !== undefined).length;
    expect(answered).toBeGreaterThanOrEqual(10);
    expect(server.chats.length).toBeGreaterThanOrEqual(answered);
    expect(run.requests.length).toBeGreaterThanOrEqual(server.chats.length);
  });

  it("nothing, since nothing listens there", async () => {
    const { run } = await runLoad(
      {},
      { args: ["--vus", "4", "--duration", "5m"], env: { SERVER_BENCH_URL: "http://127.0.0.1:1" } },
    );
    expect(endOf(run)).toEqual({ exitCode: 108, hung: false });
    expect(run.output).toContain("No connection to http://127.0.0.1:1/v1/chat/completions");
    expect(run.output).toContain("Start a server there, or correct SERVER_BENCH_URL.");
  });

  it("nothing in so few requests that the run is over before it gives up: the thresholds fail", async () => {
    const { run } = await runLoad(
      {},
      { args: iterations(3), env: { SERVER_BENCH_URL: "http://127.0.0.1:1" } },
    );
    expect(endOf(run)).toEqual({ exitCode: 99, hung: false });
    expect(run.output).toContain("0 of 3 requests complete, 3 failed");
  });
});

describe("a journal", () => {
  it("that exists already is left alone", async () => {
    const journal = join(makeFolder(), "records.jsonl");
    writeFileSync(journal, '{"type":"header"}\n');
    const { run, server } = await runLoad(
      {},
      { args: iterations(2), env: { SERVER_BENCH_JOURNAL: journal } },
    );
    expect(endOf(run)).toEqual({ exitCode: 107, hung: false });
    expect(onlyError(run.output)).toContain(journal);
    expect(server.requests).toHaveLength(0);
  });

  it("in a folder that is not there", async () => {
    const journal = join(makeFolder(), "nowhere", "records.jsonl");
    const { run } = await runLoad({}, { args: iterations(2), env: { SERVER_BENCH_JOURNAL: journal } });
    expect(endOf(run)).toEqual({ exitCode: 107, hung: false });
    expect(onlyError(run.output)).toContain(journal);
  });
});
