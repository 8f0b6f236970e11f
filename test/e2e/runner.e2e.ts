// The runner from its command line to its run folder, with the real k6 and a fake llama-server.
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { startFakeServer } from "../fake/fake-server.ts";
import { makeFolder } from "../run/k6-run.ts";
import { type RunnerOptions, runRunner } from "../run/runner-run.ts";

const few = ["--iterations", "6", "--vus", "2"];
/** 16 tokens, 5 ms apart. */
const paced = { tokens: 16, tokenDelayMs: 5 };

describe("a run", () => {
  it("starts the server, loads it, stops it, and leaves a folder that agrees with the server", async () => {
    const run = await runRunner({
      args: [
        ...few,
        "--name",
        "first run",
        "--parallel",
        "3",
        "--ctx-size",
        "2048",
        "--llama-server-arg",
        "--jinja on",
      ],
      fake: { behaviour: paced, readyAfterMs: 300 },
    });
    expect(run.exitCode).toBe(0);
    expect(readdirSync(run.folder as string).sort()).toEqual([
      "config.json",
      "environment.json",
      "k6-summary.json",
      "k6.log",
      "outcome.json",
      "prompts.jsonl",
      "records.jsonl",
      "report.html",
      "server.jsonl",
      "server.log",
      "settings.json",
      "summary.csv",
      "summary.json",
      "summary.md",
    ]);
    expect(run.folder).toMatch(/runs\/\d{8}T\d{6}Z-first-run$/);
    expect(run.summary).toMatchObject({
      run: { name: "first run", partial: false, k6ExitCode: 0 },
      requests: { started: 6, byVerdict: { complete: 6 } },
      reconciliation: { verdict: "exact" },
      crossCheck: { verdict: "exact" },
    });
    expect(run.config).toMatchObject({
      vus: 2,
      iterations: 6,
      origins: { ctxSize: "flag", seed: "default" },
    });
    for (const argument of ["--metrics", "--ctx-size", "2048", "--parallel", "3", "--jinja", "on"]) {
      expect(run.serverLog).toContain(`"${argument}"`);
    }
    expect(run.stdout).toContain("6 of 6 complete");
    expect(run.stdout).toContain(run.folder);
    expect(run.stderr).toContain("by flag");
    expect(
      existsSync(
        `/proc/${Number(/"pid":(\d+)/.exec(readFileSync(join(run.folder as string, "records.jsonl"), "utf8"))?.[1])}`,
      ),
    ).toBe(false);
  });

  it("can be reported again from its folder, to the same summary", async () => {
    const run = await runRunner({ args: few, fake: { behaviour: paced } });
    const again = await runRunner({ args: ["report", run.folder as string] });
    expect(again.exitCode).toBe(0);
    expect(again.stdout).toBe(run.stdout);
    const before = run.summary;
    expect(JSON.parse(readFileSync(join(run.folder as string, "summary.json"), "utf8"))).toEqual(before);
  });

  it("uses a server that runs already, asks for the model that it has, and leaves it alone", async () => {
    const server = await startFakeServer({ behaviour: paced, model: "the-only-one" });
    const run = await runRunner({ args: [...few, "--url", `${server.url}/v1`] });
    expect(run.exitCode).toBe(0);
    expect(run.summary?.reconciliation.verdict).toBe("exact");
    expect(server.chats.map(({ body }) => (body as { model: string }).model)).toEqual(
      Array(6).fill("the-only-one"),
    );
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
    await server.close();
  });

  it("takes a raw ShareGPT file, and says what it left out", async () => {
    const cwd = makeFolder();
    const turn = (from: string, value: string) => ({ from, value });
    const rows = [
      [turn("human", "one two three four five"), turn("gpt", "one two three four five")],
      [turn("human", "too short"), turn("gpt", "one two three four five")],
      [turn("gpt", "I begin, which does not count"), turn("human", "one two three four five")],
    ].map((conversations, index) => ({ id: `row${index}`, conversations }));
    writeFileSync(join(cwd, "sharegpt.json"), JSON.stringify(rows));
    const run = await runRunner({
      cwd,
      args: [...few, "--dataset", "sharegpt.json"],
      fake: { behaviour: paced },
    });
    expect(run.exitCode).toBe(0);
    expect(run.stderr).toContain("Dataset sharegpt.json: 1 of 3 rows pass the filter");
  });

  it("passes k6's exit code on: 99 for a truncation failure, whole and not partial", async () => {
    const run = await runRunner({ args: [...few, "--max-tokens", "4"], fake: { behaviour: paced } });
    expect(run.exitCode).toBe(99);
    expect(run.summary?.run).toMatchObject({ partial: false, k6ExitCode: 99 });
    expect(run.stdout).toContain("FAILED  llamacpp_completions_truncated_rate");
  });

  it("ends by its duration when that is over first", async () => {
    const run = await runRunner({
      args: ["--vus", "2", "--duration", "2s"],
      fake: { behaviour: paced },
    });
    expect(run.exitCode).toBe(0);
    expect(run.summary?.run.partial).toBe(false);
    expect(run.summary?.window?.endedBy).toBe("duration");
  });
});

describe("what is in the way is one clear sentence, and nothing is left", () => {
  const fake = { behaviour: paced };
  const text = (name: string, content: string) => {
    const path = join(makeFolder(), name);
    writeFileSync(path, content);
    return path;
  };
  const rows: [string, () => RunnerOptions, number, RegExp][] = [
    [
      "an unknown flag",
      () => ({ args: ["--vsu", "3"] }),
      2,
      /^Unknown option `--vsu`. Did you mean `--vus`\?/,
    ],
    ["nothing to measure", () => ({ args: few }), 2, /^Nothing to measure: give `--model FILE.gguf`/],
    [
      "an unknown scenario",
      () => ({ args: ["--scenario", "nope"], fake }),
      2,
      /^There is no scenario `nope`. Scenarios: .*`script`/,
    ],
    [
      "a non-number in a variable",
      () => ({ env: { SERVER_BENCH_N_PROMPTS: "many" }, fake }),
      2,
      /^`SERVER_BENCH_N_PROMPTS`: expected a whole number above 0, got `many`/,
    ],
    [
      "a missing dataset",
      () => ({ args: ["--dataset", "none.json"], fake }),
      1,
      /^The dataset `none.json` cannot be read/,
    ],
    [
      "an empty dataset",
      () => ({ args: ["--dataset", text("a.json", "")], fake }),
      1,
      /^Dataset .* is empty/,
    ],
    [
      "a cut-off dataset",
      () => ({ args: ["--dataset", text("a.json", '[{"id": 1')], fake }),
      1,
      /^Dataset .* is cut off: it ends at byte 9/,
    ],
    [
      "a filter that nothing passes",
      () => ({ args: ["--max-prompt-tokens", "1"], fake }),
      1,
      /no row passes the filter: 400 had a prompt over 1 words/,
    ],
    [
      "a missing model",
      () => ({ args: ["--model", "none.gguf"], env: { LLAMA_SERVER_BIN_PATH: "/bin/sh" } }),
      1,
      /^The model `none.gguf` cannot be read/,
    ],
    [
      "a model that is none",
      () => ({ args: ["--model", text("m.gguf", "<html>")], env: { LLAMA_SERVER_BIN_PATH: "/bin/sh" } }),
      1,
      /is not a GGUF file/,
    ],
    [
      "a missing llama-server",
      () => ({ args: ["--model", "m"], env: { PATH: "" } }),
      1,
      /^llama-server was not found on PATH/,
    ],
    [
      "a k6 without the extension",
      () => ({ env: { BENCH_K6_BIN_PATH: "/bin/echo" }, fake }),
      1,
      /does not have this project's extension k6\/x\/sse/,
    ],
    [
      "an output folder that cannot be",
      () => ({ args: ["--output", text("file", "")], fake }),
      1,
      /^No run folder can be created in/,
    ],
    [
      "no server at the URL",
      () => ({ args: ["--url", "http://127.0.0.1:9", "--ready-timeout", "0"] }),
      1,
      /^No server answers at http:\/\/127.0.0.1:9/m,
    ],
  ];
  it.each(rows)("%s", async (_, make, exitCode, message) => {
    const run = await runRunner(make());
    expect(run.stderr).toMatch(message);
    expect(run.exitCode).toBe(exitCode);
    expect(run.stderr).not.toMatch(/^ {4}at /m);
    expect(run.stdout).toBe("");
  });

  const answers: [string, number, number, RegExp][] = [
    [
      "401",
      401,
      1,
      /refuses access \(`\/v1\/models` answered 401: the fake server answers 401\). Set `SERVER_BENCH_API_KEY`/,
    ],
    [
      "503",
      503,
      1,
      /Waiting for the server at \S+ to be ready .*was not ready within 0.2 s \(`\/v1\/models` answered 503: the fake server answers 503\)/s,
    ],
    ["404", 404, 99, /^60 × http_error \(404\)|All requests failed, last status 404/m],
  ];
  it.each(answers)("a server that answers %s to everything", async (_, status, exitCode, message) => {
    const server = await startFakeServer({ routes: { "*": { status } } });
    const load = ["--iterations", "60", "--vus", "8", "--ready-timeout", "0.2"];
    const run = await runRunner({ args: ["--url", server.url, ...load] });
    await server.close();
    expect(run.stderr + run.stdout).toMatch(message);
    expect([exitCode, 108]).toContain(run.exitCode);
  });
});
