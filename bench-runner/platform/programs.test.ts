import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { findExtension, findK6, findLlamaServer } from "./programs.ts";

const folder = mkdtempSync(join(tmpdir(), "server-bench-programs-"));
const noCache = { XDG_CACHE_HOME: join(folder, "no-cache") };

function makeProgram(name: string, output = ""): string {
  const path = join(folder, name);
  mkdirSync(join(path, ".."), { recursive: true });
  writeFileSync(path, `#!/bin/sh\ncat <<'END'\n${output}\nEND\n`, { mode: 0o755 });
  return path;
}

describe("our extension in `k6 version`", () => {
  const rows: [string, string, string | undefined][] = [
    [
      "with a version",
      "k6 v2.2.0\nExtensions:\n  github.com/server-bench/xk6-sse v0.1.0, k6/x/sse [js]",
      "v0.1.0",
    ],
    [
      "without a version",
      "k6 v2.2.0\nExtensions:\n  github.com/server-bench/xk6-sse/sse , k6/x/sse [js]",
      "",
    ],
    [
      "is not the community's",
      "Extensions:\n  github.com/phymbert/xk6-sse v0.1.12, k6/x/sse [js]",
      undefined,
    ],
    ["is not there", "k6 v2.2.0 (go1.26.8, linux/amd64)", undefined],
  ];
  it.each(rows)("%s", (_, output, expected) => {
    expect(findExtension(output)).toBe(expected);
  });
});

describe("the k6 binary", () => {
  it("reports its version and the extension's", async () => {
    const path = makeProgram(
      "k6",
      "k6 v2.2.0 (go1.26)\nExtensions:\n  github.com/server-bench/xk6-sse v0.1.0, k6/x/sse [js]",
    );
    expect(await findK6(path)).toEqual({ path, version: "v2.2.0", extension: "v0.1.0" });
  });

  it("is refused without the extension, with the remedy", async () => {
    const path = makeProgram("stock-k6", "k6 v2.2.0 (go1.26)");
    await expect(findK6(path)).rejects.toThrow(
      `The k6 at ${path} does not have this project's extension k6/x/sse, so it cannot record token streams. Run \`npm run setup\``,
    );
  });

  it("is refused if it is not a program", async () => {
    await expect(findK6(join(folder, "nothing"))).rejects.toThrow(
      /`BENCH_K6_BIN_PATH` names .*, but it does not exist/,
    );
    const text = join(folder, "text");
    writeFileSync(text, "no program");
    await expect(findK6(text)).rejects.toThrow(/but it is not an executable file/);
  });
});

describe("llama-server", () => {
  it("is the one that the variable names", () => {
    const path = makeProgram("own/llama-server");
    expect(findLlamaServer(path, { PATH: "" })).toBe(path);
  });

  it("is otherwise the one on PATH, then the one that setup fetched", () => {
    const onPath = makeProgram("path/llama-server");
    const fetched = makeProgram("cache/server-bench/llama-server");
    const installed = join(folder, "cache/server-bench/installed.json");
    writeFileSync(installed, JSON.stringify({ llamaServer: fetched }));
    const variables = { PATH: join(folder, "path"), XDG_CACHE_HOME: join(folder, "cache") };
    expect(findLlamaServer(undefined, variables)).toBe(onPath);
    expect(findLlamaServer(undefined, { ...variables, PATH: "" })).toBe(fetched);
  });

  it("is missing with the remedies", () => {
    expect(() => findLlamaServer(undefined, { PATH: "", ...noCache })).toThrow(
      /not found on PATH.*LLAMA_SERVER_BIN_PATH.*npm run setup.*--url/,
    );
    expect(() => findLlamaServer("/nowhere/llama-server", {})).toThrow(
      "`LLAMA_SERVER_BIN_PATH` names `/nowhere/llama-server`, but it does not exist.",
    );
  });
});
