// Tokens as a file counts them, against the real llama-server and model: its /tokenize, and the usage it bills.
import { readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { execa } from "execa";
import { expect, it, type TestContext } from "vitest";
import { makeExact } from "../../bench-runner/prompts/tokens/exact-lengths.ts";
import { openTokenCounter } from "../../bench-runner/prompts/tokens/open-counter.ts";
import { toSyntheticText } from "../../lib/core/prompts/synthetic-prompt.ts";
import { toSyntheticRows } from "../../lib/core/prompts/synthetic-rows.ts";
import { readGgufMetadata, toTokenizerJson } from "../run/gguf-tokenizer.ts";
import { makeFolder } from "../run/k6-run.ts";
import { needTool } from "../run/tool.ts";

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function withServer(context: TestContext, use: (rootUrl: string, model: string) => Promise<void>) {
  const program = needTool(context, "llama-server", "LLAMA_SERVER_BIN_PATH");
  const model = needTool(context, "a small GGUF model", "SERVER_BENCH_MODEL");
  const port = await freePort();
  const args = ["--model", model, "--host", "127.0.0.1", "--port", `${port}`, "--threads", "1"];
  const server = execa(program, [...args, "--ctx-size", "1024", "--parallel", "1", "--api-key", "a-key"], {
    reject: false,
    all: true,
  });
  let ended = false;
  server.finally(() => {
    ended = true;
  });
  const rootUrl = `http://127.0.0.1:${port}`;
  try {
    for (let tries = 0; ; tries++) {
      const health = await fetch(`${rootUrl}/health`).catch(() => undefined);
      if (health?.ok) break;
      if (tries > 300 || ended) throw new Error("llama-server is not ready");
      await delay(100);
    }
    await use(rootUrl, model);
  } finally {
    server.kill();
    await server;
  }
}

const languages = [
  ...["  two  spaces\n\n\ttab", "日本語のテキスト、これは試験です。", "Привет, мир! ٣٤ १२३", "½ ² Ⅷ 2026"],
  ...[
    "👩‍👩‍👧 🎉 é e\u0301",
    "a<|im_start|>b<|im_end|>",
    "for (int i = 0; i < 10; i++) {\r\n\treturn;\r\n}",
    "don't I'LL we've",
  ],
  ...[
    "\u00a0no break\u3000wide",
    " ",
    "\n",
    "العربية مرحبا",
    "한국어 텍스트",
    "ภาษาไทย",
    "x".repeat(300),
    "def f(x):\n    return x ** 2\n",
  ],
];

it("a tokenizer.json, /tokenize and the bill agree", async (context) => {
  await withServer(context, async (rootUrl, model) => {
    const folder = makeFolder();
    writeFileSync(join(folder, "tokenizer.json"), JSON.stringify(toTokenizerJson(readGgufMetadata(model))));
    const server = { rootUrl, access: { headers: { authorization: "Bearer a-key" } }, model: "my-model" };
    const byFile = await openTokenCounter({ tokenizer: folder, server });
    const byServer = await openTokenCounter({ server });
    expect([byFile.by, byServer.by]).toEqual(["tokenizer", "server"]);

    const own = readFileSync(new URL("../../datasets/prompts.jsonl", import.meta.url), "utf8")
      .trim()
      .split("\n");
    const texts = own.slice(0, 200).map((line) => (JSON.parse(line) as { prompt: string }).prompt);
    texts.push(...languages);
    expect(await byFile.count(texts)).toEqual(await byServer.count(texts));

    const lengths = {
      promptTokens: "uniform:1-300",
      prefixTokens: 20,
      prefixGroups: 3,
      maxTurns: 2,
      seed: 7,
    };
    const made = await makeExact(toSyntheticRows(lengths, 40), byFile, 7);
    expect(made).toMatchObject({ checked: 80, exact: 80, worstOff: 0 });
    expect((await makeExact(toSyntheticRows(lengths, 40), byServer, 7)).rows).toEqual(made.rows);

    const prompts = made.rows.slice(0, 3).map(({ synthetic }) => toSyntheticText(synthetic as never, 7));
    const wanted = made.rows.slice(0, 3).map(({ promptTokens }) => promptTokens);
    for (const [index, prompt] of [...prompts, ...languages.slice(0, 6)].entries()) {
      const response = await fetch(`${rootUrl}/v1/completions`, {
        method: "POST",
        headers: { authorization: "Bearer a-key", "content-type": "application/json" },
        body: JSON.stringify({ prompt, max_tokens: 1 }),
      });
      const { usage } = (await response.json()) as { usage: { prompt_tokens: number } };
      expect(usage.prompt_tokens).toBe(wanted[index] ?? (await byFile.count([prompt]))[0]);
    }
    await expect(openTokenCounter({ server: { rootUrl, model: "m" } })).rejects.toThrow(
      /Set `SERVER_BENCH_API_KEY`/,
    );
  });
});
