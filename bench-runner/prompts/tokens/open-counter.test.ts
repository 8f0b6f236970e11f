import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { toSmallTokenizer, writeFolder } from "../../../test/unit-support/examples/small-tokenizer.ts";
import { openTokenCounter } from "./open-counter.ts";

interface Asked {
  path: string | undefined;
  key: string | undefined;
  body: Record<string, unknown>;
}
const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** @param answer [status, JSON or text] by the requested text */
async function startServer(answer: (content: string) => [number, unknown]) {
  const asked: Asked[] = [];
  const seen = { atOnce: 0, most: 0 };
  const server = createServer(async (request, response) => {
    seen.most = Math.max(seen.most, ++seen.atOnce);
    let text = "";
    for await (const chunk of request.setEncoding("utf8")) text += chunk;
    const body = JSON.parse(text) as Record<string, unknown>;
    asked.push({ path: request.url, key: request.headers.authorization, body });
    await new Promise(setImmediate);
    const [status, value] = answer(String(body.content));
    seen.atOnce--;
    response.writeHead(status).end(typeof value === "string" ? value : JSON.stringify(value));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => server.close().closeAllConnections());
  return { rootUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, seen };
}
const toTokens = (text: string) => Array.from({ length: text.length }, () => 1);

describe("openTokenCounter", () => {
  it.each<[string, (content: string) => [number, unknown]]>([
    ["llama-server", (content) => [200, { tokens: toTokens(content) }]],
    ["vLLM", (content) => [200, { count: content.length, max_model_len: 9, tokens: toTokens(content) }]],
  ])("counts by %s where it can, each text once, four at a time", async (_, answer) => {
    const server = await startServer(answer);
    const { rootUrl, asked, seen } = server;
    const counter = await openTokenCounter({
      server: { url: rootUrl, access: { headers: { authorization: "Bearer key" } }, model: "m" },
    });
    expect(counter.by).toBe("server");
    const texts = Array.from({ length: 50 }, (_, index) => "x".repeat(index % 25));
    expect(await counter.count(texts)).toEqual(texts.map((text) => text.length));
    expect(await counter.count(texts)).toEqual(texts.map((text) => text.length));
    // The probe, and 24 texts that are not empty.
    expect(asked).toHaveLength(25);
    expect(seen.most).toBeLessThanOrEqual(4);
    expect(asked[0]).toMatchObject({ path: "/tokenize", key: "Bearer key" });
    const { content, prompt, ...rest } = asked[0]?.body ?? {};
    expect(prompt).toBe(content);
    expect(rest).toEqual({ model: "m", add_special: false, add_special_tokens: false });
  });

  it.each<[string, number, unknown]>([
    ["no such path", 404, { error: { message: "File Not Found" } }],
    [
      "no such path, which has the model's name",
      404,
      { message: "no Route matched /models/m/tokenize, not found" },
    ],
    ["no such path, in a gateway's words", 404, { error: "model route m unknown: POST /m/tokenize" }],
    ["another method", 405, "no"],
    ["not implemented", 501, ""],
    ["another body", 422, { detail: "inputs" }],
    ["another shape", 200, [{ id: 1 }]],
    ["no tokens in any text", 200, { tokens: [] }],
    ["null", 200, "null"],
    ["a page", 200, "<html>"],
  ])(
    "takes words where the server answers with %s, and refuses where it was asked for",
    async (_, status, value) => {
      const { rootUrl } = await startServer(() => [status, value]);
      const server = { url: rootUrl, model: "m" };
      const counter = await openTokenCounter({ server });
      expect(counter.by).toBe("words");
      expect(await counter.count(["two words", ""])).toEqual([2, 0]);
      await expect(openTokenCounter({ tokenizer: "server", server })).rejects.toThrow(
        /has no `\/tokenize`.*--tokenizer FILE/,
      );
    },
  );

  it.each<[number, unknown, RegExp]>([
    [401, "", /refuses to count tokens \(401\)\. Set `SERVER_BENCH_API_KEY`/],
    [404, { message: "The model `m` does not exist." }, /The model `m` does not exist.*--model-alias/],
    [500, { error: { message: "out of memory" } }, /answered 500: out of memory/],
    [503, "", /answered 503/],
  ])("says that the server answers %i", async (status, value, message) => {
    const { rootUrl } = await startServer(() => [status, value]);
    await expect(openTokenCounter({ server: { url: rootUrl, model: "m" } })).rejects.toThrow(message);
  });

  it("reports an unreachable server, and a count that failed", async () => {
    const unreachable = { url: "http://127.0.0.1:9", model: "m" };
    await expect(openTokenCounter({ server: unreachable })).rejects.toThrow(
      /does not answer `\/tokenize` \(/,
    );
    const server = await startServer((content) =>
      content === "bad" ? [500, ""] : [200, { tokens: toTokens(content) }],
    );
    const counter = await openTokenCounter({ server: { url: server.rootUrl, model: "m" } });
    const texts = ["bad", ...Array.from({ length: 500 }, (_, index) => `${index}`)];
    await expect(counter.count(texts)).rejects.toThrow(/answered 500/);
    expect(server.asked.length).toBeLessThan(50);
  });

  it("asks no server for words or a file", async () => {
    const server = { url: "http://127.0.0.1:9", model: "m" };
    expect((await openTokenCounter({ tokenizer: "words", server })).by).toBe("words");
    const tokenizer = writeFolder("tokenizer.json", toSmallTokenizer(["time"]));
    expect((await openTokenCounter({ tokenizer, server })).by).toBe("tokenizer");
  });
});
