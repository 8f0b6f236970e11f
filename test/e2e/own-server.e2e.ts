// The worked example: a serving script of one's own against llama-server, with a real model.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { execa } from "execa";
import { expect, it, type TestContext } from "vitest";
import type { Summary } from "../../bench-runner/summary/summary.ts";
import { makeFolder, ownK6 } from "../run/k6-run.ts";
import { runnerBundle } from "../run/runner-run.ts";
import { needTool } from "../run/tool.ts";

const example = new URL("../../examples/own-server/", import.meta.url).pathname;

function needExample(context: TestContext) {
  const packages = needTool(context, "the Python package xllamacpp", "SERVER_BENCH_XLLAMACPP");
  return {
    python: needTool(context, "python3"),
    model: needTool(context, "a small GGUF model", "SERVER_BENCH_MODEL"),
    variables: { PYTHONPATH: [packages, process.env.PYTHONPATH].filter(Boolean).join(delimiter) },
  };
}

/** Prompts and summary of each run in the folder, by server and mode. */
function readRuns(folder: string): Map<string, { summary: Summary; prompts: string }> {
  return new Map(
    readdirSync(folder)
      .filter((name) => existsSync(join(folder, name, "summary.json")))
      .map((name) => {
        const read = (file: string) => readFileSync(join(folder, name, file), "utf8");
        const summary = JSON.parse(read("summary.json")) as Summary;
        const server = summary.configuration.serverName ?? "llama-server";
        return [
          `${server} ${summary.configuration.values.mode}`,
          { summary, prompts: read("prompts.jsonl") },
        ];
      }),
  );
}

it("compares both servers over the same requests, and makes the matrix", {
  timeout: 300_000,
}, async (context) => {
  const { python, model, variables } = needExample(context);
  const server = needTool(context, "llama-server", "LLAMA_SERVER_BIN_PATH");
  const cwd = makeFolder();
  const { exitCode, stdout, stderr } = await execa(join(example, "compare.sh"), [model, "out"], {
    cwd,
    reject: false,
    env: {
      ...variables,
      ...{ PYTHON: python, BENCH_K6_BIN_PATH: ownK6, LLAMA_SERVER_BIN_PATH: server, SERVER_BENCH_MODEL: "" },
      ...{ TASKS: "chat", PARALLEL: "2", REQUESTS: "3", MAX_TOKENS: "4", WORDS: "12", THREADS: "1" },
    },
  });
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  const runs = readRuns(join(cwd, "out"));
  expect([...runs.keys()].sort()).toEqual([
    ...["llama-server stream", "llama-server sync", "serve.py stream", "serve.py sync"],
  ]);
  for (const { summary } of runs.values()) {
    expect(summary.requests.byVerdict).toEqual({ complete: 3 });
    expect(summary.server.readySeconds).toBeGreaterThan(0);
    expect(summary.tokens.completion).toBeGreaterThan(0);
  }
  for (const mode of ["stream", "sync"]) {
    const [own, engine] = ["serve.py", "llama-server"].map((name) => runs.get(`${name} ${mode}`));
    expect(own?.prompts).toBe(engine?.prompts);
    // The same template and tokenizer: the servers count the same prompts alike.
    expect(own?.summary.tokens.prompt).toBe(engine?.summary.tokens.prompt);
  }
  expect(stdout).toMatch(/^4 runs: 2 servers, 2 modes$/m);
  expect(readdirSync(join(cwd, "out", "matrix")).sort()).toEqual(["matrix.csv", "matrix.html", "matrix.md"]);
});

it("is the same comparison by its configuration file", { timeout: 300_000 }, async (context) => {
  const { python, model, variables } = needExample(context);
  const server = needTool(context, "llama-server", "LLAMA_SERVER_BIN_PATH");
  const output = makeFolder();
  const args = [
    "--config",
    join(example, "server-bench.yaml"),
    "--workload",
    "qa-sync-1",
    "--output",
    output,
  ];
  const small = ["--iterations", "2", "--n-prompts", "2", "--max-tokens", "4", "--max-prompt-tokens", "12"];
  const { exitCode, stderr } = await execa(process.execPath, [runnerBundle, ...args, ...small], {
    cwd: join(example, "../.."),
    reject: false,
    env: {
      ...variables,
      ...{ PYTHON: python, BENCH_K6_BIN_PATH: ownK6, LLAMA_SERVER_BIN_PATH: server, SERVER_BENCH_MODEL: "" },
      ...{ GGUF: model },
    },
  });
  expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
  const runs = readRuns(join(output, readdirSync(output)[0] as string));
  expect([...runs.keys()].sort()).toEqual(["llama-server sync", "serve.py sync"]);
  expect(runs.get("serve.py sync")?.prompts).toBe(runs.get("llama-server sync")?.prompts);
  for (const { summary } of runs.values()) expect(summary.tokens.cached ?? 0).toBe(0);
});

it("its server answers as OpenAI's does, reports errors, and drops clients that have hung up", async (context) => {
  const { python, model, variables } = needExample(context);
  const port = 20_000 + (process.pid % 20_000);
  const url = `http://127.0.0.1:${port}`;
  const args = ["--model", model, "--port", String(port), "--threads", "1", "--context", "1024"];
  const server = execa(python, [join(example, "serve.py"), ...args], { env: variables, reject: false });
  let log: string | undefined;
  void server.then(({ stderr }) => {
    log = stderr;
  });
  const post = (path: string, body: unknown, signal?: AbortSignal) =>
    fetch(`${url}${path}`, {
      method: "POST",
      body: typeof body === "string" ? body : JSON.stringify(body),
      ...(signal && { signal }),
    });
  try {
    const isUp = () =>
      fetch(`${url}/health`).then(
        ({ status }) => status === 200,
        () => false,
      );
    while (!(await isUp())) {
      if (log !== undefined) throw new Error(`It ended: ${log}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    const messages = [{ role: "user", content: "Hello" }];
    const chat = await (await post("/v1/chat/completions", { messages, max_tokens: 3 })).json();
    expect(chat).toMatchObject({
      choices: [{ message: { role: "assistant" } }],
      usage: { completion_tokens: 3 },
    });
    const text = await (await post("/v1/completions", { prompt: "Once", max_tokens: 3 })).json();
    expect(text).toMatchObject({ choices: [{ text: expect.any(String) }], usage: { completion_tokens: 3 } });
    for (const [path, body] of [
      ["/v1/chat/completions", { messages }],
      ["/v1/completions", { prompt: "Once" }],
    ] as const) {
      const options = { stream: true, max_tokens: 3, stream_options: { include_usage: true } };
      const stream = await post(path, { ...body, ...options });
      expect(stream.headers.get("content-type")).toBe("text/event-stream");
      const events = (await stream.text()).trim().split("\n\n");
      expect(events.at(-1)).toBe("data: [DONE]");
      expect(JSON.parse((events.at(-2) as string).slice(6)).usage.completion_tokens).toBe(3);
    }
    for (const [path, body, status] of [
      ["/v1/completions", "{", 400],
      ["/v1/chat/completions", { messages: "none" }, 400],
      ["/v1/chat/completions", { messages: "none", stream: true }, 400],
      ["/v2", {}, 404],
    ] as const) {
      const answer = await post(path, body);
      expect(answer.status).toBe(status);
      expect(await answer.json()).toMatchObject({ error: { code: status } });
    }
    // 900 tokens would take the only slot for many seconds.
    const leaving = new AbortController();
    const long = { prompt: "Once", max_tokens: 900, ignore_eos: true, stream: true };
    const { body } = await post("/v1/completions", long, leaving.signal);
    await body?.getReader().read();
    leaving.abort();
    const next = await (await post("/v1/completions", { prompt: "Twice", max_tokens: 1 })).json();
    expect(next).toMatchObject({ usage: { completion_tokens: 1 } });
  } finally {
    server.kill("SIGKILL");
    await server;
  }
});
