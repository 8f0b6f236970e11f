import { describe, expect, it } from "vitest";
import { resolveConfig } from "./config.ts";

const resolve = (flags: Record<string, string>, variables: Record<string, string> = {}) =>
  resolveConfig({ flags, variables });

describe("a server that a command starts", () => {
  it("is what --server-command says, with all that belongs to it", () => {
    const { target } = resolve({
      ...{ "server-command": "serve {port}", "server-ready": "/up", "server-stop": "end" },
      ...{ "server-env": '["A=b=c","D="]', "server-name": "mine" },
    });
    expect(target).toEqual({
      ...{ kind: "command", start: "serve {port}", ready: { path: "/up" }, stop: "end" },
      ...{ env: { A: "b=c", D: "" }, name: "mine" },
    });
  });

  it("is an engine by its name, with further arguments", () => {
    const { target, load } = resolve({ engine: "vllm", model: "a/b", "engine-arg": '["--x 1","--y"]' });
    expect(target).toMatchObject({
      start: "vllm serve {model} --host {host} --port {port} --x 1 --y",
      name: "vLLM",
    });
    expect(load.modelAlias).toBe("a/b");
  });

  it("is reached where --url says", () => {
    const { target } = resolve({ "server-command": "serve", url: "http://127.0.0.1:8000/v1" });
    expect(target).toMatchObject({ kind: "command", url: "http://127.0.0.1:8000/v1" });
  });

  it("comes after a server that a flag names, when a variable gives the command", () => {
    const variables = { SERVER_BENCH_SERVER_COMMAND: "serve {port}" };
    expect(resolve({ url: "http://h:1" }, variables).target.kind).toBe("url");
    expect(resolve({ model: "a" }, variables).target.kind).toBe("command");
  });

  it("comes from a file where nothing else names one", () => {
    const sources = { variables: {}, command: { start: "serve {port} {model}" } };
    expect(resolveConfig({ ...sources, flags: { model: "m" } }).target.kind).toBe("command");
    expect(resolveConfig({ ...sources, flags: { url: "http://h:1" } }).target.kind).toBe("url");
    expect(() => resolveConfig({ ...sources, flags: {} })).toThrow(/needs to know which model/);
  });

  it("keeps its variables and keys to itself", () => {
    const config = resolve({ "server-command": "serve {port} --api-key k3y", "server-env": "A=s3cret" });
    expect(JSON.stringify(config.origins)).not.toContain("s3cret");
    expect(config.runner.serverEnv).toEqual(["A=s3cret"]);
  });

  it.each([
    [
      { engine: "vllm", "server-command": "serve", model: "m" },
      /either `--engine` or `--server-command`, got both/,
    ],
    [{ "server-command": "serve {port}", "engine-arg": "-x" }, /`--engine-arg` is for `--engine`/],
    [
      { "server-command": "serve {port}", "server-ready": "up" },
      /expected a path of the server such as `\/health`.*got `up`/,
    ],
    [
      { "server-command": "serve {port}", "server-env": "s3cret" },
      /`--server-env`: expected `NAME=value`, got something else/,
    ],
    [{ "server-command": " ", port: "1" }, /is empty/],
    [{ engine: "sglang" }, /`--engine sglang` needs to know which model/],
    [{ engine: "vllm", "hf-repo": "a/b" }, /`--hf-repo` is for llama-server/],
    [{ model: "m", "server-stop": "x" }, /`--server-stop` is for a server that a command starts/],
  ])("%j is refused in one sentence", (flags, message) => {
    expect(() => resolve(flags as unknown as Record<string, string>)).toThrow(message);
  });
});
