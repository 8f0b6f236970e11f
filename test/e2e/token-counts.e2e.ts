// Tokens as a file counts them, against the real llama-server and model: its /tokenize, and the usage it bills.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it, type TestContext } from "vitest";
import { makeExact } from "../../bench-runner/prompts/tokens/exact-lengths.ts";
import { openTokenCounter } from "../../bench-runner/prompts/tokens/open-counter.ts";
import { toSyntheticText } from "../../lib/core/prompts/synthetic-prompt.ts";
import { toSyntheticRows } from "../../lib/core/prompts/synthetic-rows.ts";
import { readGgufMetadata, toTokenizerJson } from "../run/gguf-tokenizer.ts";
import { makeFolder } from "../run/k6-run.ts";
import { startRealServer } from "../run/real-server.ts";

async function withServer(context: TestContext, use: (rootUrl: string, model: string) => Promise<void>) {
  const args = ["--ctx-size", "1024", "--parallel", "1", "--api-key", "a-key"];
  const { rootUrl, model, close } = await startRealServer(context, args);
  try {
    await use(rootUrl, model);
  } finally {
    await close();
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
    const server = {
      url: rootUrl,
      access: { headers: { authorization: "Bearer a-key" } },
      model: "my-model",
    };
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
    await expect(openTokenCounter({ server: { url: rootUrl, model: "m" } })).rejects.toThrow(
      /Set `SERVER_BENCH_API_KEY`/,
    );
  });
});
