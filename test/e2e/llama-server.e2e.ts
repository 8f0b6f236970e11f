// The runner with the real llama-server and the real small model: the main job, and the server's own downloads.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, type TestContext } from "vitest";
import { type HubFaults, startFakeHub } from "../fake/fake-hub.ts";
import { makeFolder } from "../run/k6-run.ts";
import { countedByServer, type RunnerRun, runRunner } from "../run/runner-run.ts";
import { needTool } from "../run/tool.ts";

/** One thread: more of them wait for each other where tests share the machine. */
const small = [
  ...["--iterations", "6", "--vus", "2", "--parallel", "2", "--ctx-size", "1024", "--max-tokens", "16"],
  ...["--max-prompt-tokens", "20", "--truncated-limit", "1", "--llama-server-arg", "--threads 1"],
  ...["--n-prompts", "6"],
];

function needServer(context: TestContext): { server: string; model: string } {
  return {
    server: needTool(context, "llama-server", "LLAMA_SERVER_BIN_PATH"),
    model: needTool(context, "a small GGUF model", "SERVER_BENCH_MODEL"),
  };
}

it("measures a real model, in exact agreement with the server's own counters", async (context) => {
  const { server, model } = needServer(context);
  const run = await runRunner({
    args: [...small, "--model", model],
    env: { ...countedByServer, LLAMA_SERVER_BIN_PATH: server },
  });
  expect(run.exitCode).toBe(0);
  expect(run.summary).toMatchObject({
    run: { partial: false },
    requests: { started: 6, byVerdict: { complete: 6 } },
    reconciliation: { verdict: "exact" },
    crossCheck: { verdict: "exact" },
    environment: { server: { slots: 2, models: ["my-model"], modelPath: model }, model: { path: model } },
  });
  expect(run.summary?.environment?.model?.sha256).toMatch(/^[0-9a-f]{64}$/);
  expect(run.summary?.tokens.completion).toBeGreaterThan(6);
});

describe("workloads on a real model, in exact agreement with the server's own counters", () => {
  const rows: [sentence: string, args: string[], expected: object][] = [
    [
      "conversations whose later turns come from the prompt cache; prompts and answers exactly as long as asked for",
      [
        ...["--prompt-tokens", "uniform:20-40", "--output-tokens", "uniform:4-8", "--max-turns", "3"],
        ...["--n-prompts", "4", "--iterations", "4", "--think-time", "0.05"],
      ],
      {
        requests: { started: 12, byVerdict: { complete: 12 } },
        conversations: { started: 4, completed: 4, failed: 0, turnsSent: 12 },
        prompts: { countedBy: "server", synthetic: { checked: 12, exact: 12, worstOff: 0 } },
      },
    ],
    [
      "whole answers",
      ["--mode", "sync"],
      { requests: { started: 6, byVerdict: { complete: 6 } }, prompts: { countedBy: "server" } },
    ],
    [
      "plain prompts without the prompt cache",
      [
        "--endpoint",
        "completions",
        "--cache-prompt",
        "off",
        "--mix",
        "chat=1",
        "--mix",
        "code=1",
        ...["--max-prompt-tokens", "60"],
        "--n-prompts",
        "6",
      ],
      { requests: { byVerdict: { complete: 6 } }, tokens: { cached: 0 } },
    ],
  ];
  it.for(rows)("%s", async ([, args, expected], context) => {
    const { server, model } = needServer(context);
    const run = await runRunner({
      args: [...small, ...args, "--model", model],
      env: { ...countedByServer, LLAMA_SERVER_BIN_PATH: server },
    });
    expect(run.exitCode).toBe(0);
    expect(run.summary).toMatchObject({
      ...expected,
      reconciliation: { verdict: "exact" },
      crossCheck: { verdict: "exact" },
    });
    const { turn } = run.summary?.groups ?? {};
    const cached = turn?.map(({ tokens }) => (tokens.cached ?? 0) / (tokens.prompt ?? 1));
    if (cached !== undefined) expect(cached[2]).toBeGreaterThan((cached[0] as number) + 0.3);
  });
});

describe("a model that llama-server downloads", () => {
  /** @param files for `--hf-file`; the hub has `tiny.gguf` in `someone/tiny` */
  async function download(
    context: TestContext,
    repo: string,
    file: string,
    faults: HubFaults,
  ): Promise<{ run: RunnerRun; downloads: number; folder: string }> {
    const { server, model } = needServer(context);
    const hub = await startFakeHub({ repo: "someone/tiny", files: { "tiny.gguf": model }, faults });
    const folder = join(makeFolder(), "models");
    try {
      const run = await runRunner({
        args: [...small, "--hf-repo", repo, "--hf-file", file, "--model-path-prefix", folder],
        env: { ...countedByServer, LLAMA_SERVER_BIN_PATH: server, HF_ENDPOINT: hub.url },
      });
      const downloads = hub.requests.filter(
        ({ method, path }) => method === "GET" && path.includes("/resolve/"),
      );
      return { run, downloads: downloads.length, folder };
    } finally {
      await hub.close();
    }
  }

  it("is fetched into the folder of --model-path-prefix and measured, also when the download was cut once", async (context) => {
    const { run, downloads, folder } = await download(context, "someone/tiny", "tiny.gguf", {
      cutAfterBytes: 5_000_000,
      cuts: 1,
    });
    expect(run.exitCode).toBe(0);
    expect(downloads).toBe(2);
    expect(readdirSync(folder, { recursive: true }).some((name) => String(name).endsWith("tiny.gguf"))).toBe(
      true,
    );
    expect(run.summary?.requests.byVerdict).toEqual({ complete: 6 });
    expect(run.summary?.environment?.model?.sha256).toMatch(/^[0-9a-f]{64}$/);
  });

  const wrong: [string, string, string, HubFaults, RegExp][] = [
    [
      "of a file that is not there lists those that are",
      "someone/tiny",
      "huge.gguf",
      {},
      /The repository has no file `huge.gguf`: check `--hf-file`. There are: tiny.gguf\./,
    ],
    [
      "of a repository that is not there",
      "someone/nothing",
      "tiny.gguf",
      {},
      /Hugging Face has no such repository \(404\). Check `--hf-repo OWNER\/NAME`\./,
    ],
    [
      "that is cut again and again says that what came is kept",
      "someone/tiny",
      "tiny.gguf",
      { cutAfterBytes: 1_000_000 },
      /The download of `tiny.gguf` was cut off again and again. What came is kept/,
    ],
    [
      "of a private repository",
      "someone/tiny",
      "tiny.gguf",
      { status: 401 },
      /Hugging Face refused the repository \(401\).*set HF_TOKEN/,
    ],
  ];
  for (const [sentence, repo, file, faults, message] of wrong) {
    it(sentence, async (context) => {
      const { run } = await download(context, repo, file, faults);
      expect(run.exitCode).toBe(1);
      expect(run.stderr).toMatch(message);
      expect(run.stderr).toContain("llama-server ended with exit code 1 before it was ready.");
      expect(existsSync(join(run.folder as string, "server.log"))).toBe(true);
    });
  }
});
