// `--url` alone: what the runner finds out of a server, what it asks of it then, and what it says where it cannot choose.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, it } from "vitest";
import { type FakeServerOptions, type RouteOverrides, startFakeServer } from "../fake/fake-server.ts";
import { makeFolder, ownK6 } from "../run/k6-run.ts";
import { type RunnerRun, runRunner } from "../run/runner-run.ts";
import { needTool } from "../run/tool.ts";
import { EXAMPLE_ANSWERS } from "../unit-support/examples/example-answers.ts";

const root = new URL("../..", import.meta.url).pathname;
const FEW = ["--iterations", "2", "--vus", "1"];

/** Routes with which the fake answers the discovery as another server does. */
function like(name: string): RouteOverrides {
  return Object.fromEntries(
    Object.entries(EXAMPLE_ANSWERS[name] ?? {}).map(([path, answer]) => [
      path,
      "problem" in answer
        ? {}
        : { status: answer.status, body: answer.text, contentType: "application/json" },
    ]),
  );
}

async function runAgainst(
  options: FakeServerOptions,
  args: string[] = [],
): Promise<{ run: RunnerRun; asked: { path: string; model: unknown }[]; paths: string[] }> {
  const server = await startFakeServer(options);
  const run = await runRunner({ args: ["--url", server.url, ...FEW, ...args] });
  await server.close();
  const asked = server.chats.map(({ path, body }) => ({ path, model: (body as { model?: unknown }).model }));
  return { run, asked, paths: server.requests.map(({ path }) => path) };
}

const chat = "/v1/chat/completions";

describe("--url alone is enough for", () => {
  const rows: [string, FakeServerOptions, string, string, RegExp][] = [
    [
      "llama-server",
      {},
      chat,
      "fake-model",
      /Found at http\S+: llama-server b0-fake \(`\/props` has its slots/,
    ],
    [
      "vLLM",
      { routes: like("vllm") },
      chat,
      "Qwen/Qwen3-8B",
      /: vLLM 0\.10\.2 \(`\/v1\/models` is owned by vllm\)/,
    ],
    ["SGLang", { routes: like("sglang") }, chat, "Qwen/Qwen3-8B", /: SGLang \(/],
    ["LM Studio, without its embeddings", { routes: like("lm-studio") }, chat, "qwen3-4b", /: LM Studio \(/],
    [
      "a server that only speaks OpenAI's API, without /health",
      { routes: like("openai-compatible") },
      chat,
      "a-model",
      /a server that does not say what it is/,
    ],
  ];
  it.each(rows)("%s", async (_, options, path, model, says) => {
    const { run, asked } = await runAgainst(options);
    expect(run.stderr).toMatch(says);
    expect(run.exitCode).toBe(0);
    expect(asked).toEqual([
      { path, model },
      { path, model },
    ]);
    expect(run.config?.origins).toMatchObject({ modelAlias: "server", endpoint: "server" });
  });

  const others: [string, string, string, string[]][] = [
    ["ollama", "transcript-ollama", "/api/chat", ["--model", "qwen3:8b"]],
    ["tgi", "transcript-tgi", "/generate_stream", []],
    ["anthropic", "transcript-messages-stop", "/v1/messages", []],
    ["only-generate", "transcript-generate", "/generate", []],
  ];
  it.each(others)("%s, by its own API", async (name, transcript, path, args) => {
    const { run, paths } = await runAgainst({ routes: like(name), behaviour: { transcript } }, args);
    expect(run.exitCode).toBe(0);
    expect(run.summary?.requests.byVerdict).toEqual({ complete: 2 });
    expect(paths.filter((asked) => asked === path)).toHaveLength(2);
  });

  it("a comparison, which needs its version", async () => {
    const { run } = await runAgainst({ routes: like("vllm") });
    expect(run.summary?.environment?.server).toMatchObject({ build: "0.10.2", models: ["Qwen/Qwen3-8B"] });
  });

  it("a server that is asked another way, since it says so", async () => {
    const { run, asked } = await runAgainst({ routes: like("only-completions") });
    expect(run.stderr).toMatch(/endpoint {2}completions: `\/openapi\.json` has `\/v1\/completions`/);
    expect(asked[0]).toEqual({ path: "/v1/completions", model: "my-model" });
  });
});

describe("every guess can be overridden", () => {
  it("by flags, and said to be", async () => {
    const args = ["--endpoint", "completions", "--model", "mine"];
    const { run, asked } = await runAgainst({ routes: like("vllm") }, args);
    expect(asked[0]).toEqual({ path: "/v1/completions", model: "mine" });
    expect(run.stderr).toMatch(
      /endpoint {2}completions: as given\n {2}model {5}mine: as given, though the server/,
    );
  });

  it("by a variable", async () => {
    const server = await startFakeServer({ routes: like("vllm") });
    await runRunner({ args: ["--url", server.url, ...FEW], env: { SERVER_BENCH_MODEL_ALIAS: "mine" } });
    await server.close();
    expect(server.chats[0]?.body).toMatchObject({ model: "mine" });
  });
});

describe("a list of models that fails", () => {
  const body = '{"error":{"message":"No connected db.","code":"400"}}';
  const routes = { "/v1/models": { status: 400, body, contentType: "application/json" } };

  it("is said before the load, with the status and the server's words", async () => {
    const { run, asked } = await runAgainst({ routes });
    expect(run.stderr).toMatch(
      /does not say which models it has: `\/v1\/models` answered 400: No connected db\. Check the key/,
    );
    expect(run.exitCode).toBe(1);
    expect(asked).toEqual([]);
  });

  it("is no obstacle where the model is named", async () => {
    const { run, asked } = await runAgainst({ routes }, ["--model", "mine"]);
    expect(run.stderr).toMatch(/model {5}mine: as given, but `\/v1\/models` answered 400: No connected db/);
    expect(run.exitCode).toBe(0);
    expect(asked[0]).toEqual({ path: chat, model: "mine" });
  });

  it("is not needed: a bare list is one, too", async () => {
    const list = { "/v1/models": { body: '[{"id":"only"},null]', contentType: "application/json" } };
    const { run, asked } = await runAgainst({ routes: list });
    expect(run.exitCode).toBe(0);
    expect(asked[0]).toEqual({ path: chat, model: "only" });
  });
});

describe("several models", () => {
  it("are a clear error where there is no terminal to choose in", async () => {
    const { run, asked } = await runAgainst({ routes: like("litellm") });
    expect(run.stderr).toMatch(
      /has several models:\n +1 {2}gpt-4o\n +2 {2}local-qwen\nChoose one with `--model NAME`/,
    );
    expect(run.exitCode).toBe(2);
    expect(run.folder).toBeUndefined();
    expect(asked).toEqual([]);
  });

  it("LiteLLM's `/health`, which has every model work, is never asked", async () => {
    const { run, paths } = await runAgainst({ routes: like("litellm") }, ["--model", "gpt-4o"]);
    expect(run.exitCode).toBe(0);
    expect(paths).not.toContain("/health");
  });

  it("come from a LiteLLM file instead", async () => {
    const path = join(makeFolder(), "litellm.yaml");
    writeFileSync(
      path,
      "model_list:\n  - model_name: local-qwen\n    litellm_params: { model: x, api_key: sk-1 }\n",
    );
    const { run, asked } = await runAgainst({ routes: like("litellm") }, ["--litellm-config", path]);
    expect(run.stderr).toContain(`local-qwen: the only one in \`${path}\``);
    expect(asked[0]?.model).toBe("local-qwen");
  });

  it("are a question to a person at a terminal", async (context) => {
    const tmux = needTool(context, "tmux");
    const server = await startFakeServer({ routes: like("litellm") });
    const folder = makeFolder();
    // A tmux server of its own, so that no other is touched.
    const inTmux = (...args: string[]) =>
      execa(tmux, ["-S", join(folder, "tmux"), "-f", "/dev/null", ...args]);
    const waitFor = async (pattern: RegExp) => {
      for (let tries = 0; tries < 300; tries++) {
        const { stdout } = await inTmux("capture-pane", "-p", "-S", "-200");
        if (pattern.test(stdout)) return stdout;
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
      throw new Error(`${pattern} did not come within 30 s`);
    };
    try {
      await inTmux("new-session", "-d", "-x", "100", "-y", "60", "-c", folder, "sh");
      const command = `BENCH_K6_BIN_PATH=${ownK6} node ${join(root, "bench-runner")} --url ${server.url} ${FEW.join(" ")}; echo "exit code $?"`;
      await inTmux("send-keys", command, "Enter");
      await waitFor(/Which one\? \[1\]/);
      await inTmux("send-keys", "2", "Enter");
      const screen = await waitFor(/^exit code \d+$/m);
      expect(screen).toContain("exit code 0");
      expect(screen).toContain("local-qwen: chosen of 2");
    } finally {
      await inTmux("kill-server").catch(() => {});
      await server.close();
    }
    expect(server.chats[0]?.body).toMatchObject({ model: "local-qwen" });
  });
});

it("a server of two that has other models is asked for what both have", async () => {
  const first = await startFakeServer({ routes: like("litellm") });
  const second = await startFakeServer({ model: "local-qwen" });
  const run = await runRunner({ args: ["--ab", first.url, "--ab", second.url, ...FEW] });
  await Promise.all([first.close(), second.close()]);
  expect(run.stderr).toContain("local-qwen: the only one in");
  expect(second.chats[0]?.body).toMatchObject({ model: "local-qwen" });
});
