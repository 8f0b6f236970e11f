import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import { toAccess } from "../../platform/access.ts";
import { parseMetrics, ServerReader } from "./server-metrics.ts";

describe("Prometheus text", () => {
  it("becomes numbers by name, as llama-server writes it", () => {
    const text = [
      "# HELP llamacpp:prompt_tokens_total Number of prompt tokens processed.",
      "# TYPE llamacpp:prompt_tokens_total counter",
      "llamacpp:prompt_tokens_total 131",
      "# TYPE llamacpp:predicted_tokens_seconds gauge",
      "llamacpp:predicted_tokens_seconds 69.5",
    ].join("\n");
    expect([...parseMetrics(text)]).toEqual([
      ["llamacpp:prompt_tokens_total", 131],
      ["llamacpp:predicted_tokens_seconds", 69.5],
    ]);
  });

  it("keeps label sets apart", () => {
    const values = parseMetrics('a{model="x",kind="y"} 1\na{model="z"} 2\n');
    expect([...values]).toEqual([
      ['a{model="x",kind="y"}', 1],
      ['a{model="z"}', 2],
    ]);
  });

  it("keeps histograms of several label sets, as vLLM has them", () => {
    const text = [
      "# TYPE h histogram",
      'h_bucket{m="x",le="0.5"} 1',
      'h_bucket{m="x",le="+Inf"} 3',
      'h_sum{m="x"} 4.5',
      'h_bucket{m="y",le="+Inf"} 6',
      'h_count{m="y"} 6',
    ].join("\n");
    expect(Object.fromEntries(parseMetrics(text))).toEqual({
      'h_bucket{m="x",le="0.5"}': 1,
      'h_bucket{m="x",le="+Inf"}': 3,
      'h_sum{m="x"}': 4.5,
      'h_bucket{m="y",le="+Inf"}': 6,
      'h_count{m="y"}': 6,
    });
  });

  it("leaves out what is no finite number: missing, not 0", () => {
    expect([...parseMetrics("a NaN\nb +Inf\nc 1e3\n")]).toEqual([["c", 1000]]);
  });
});

describe("reading from a server", () => {
  const closers: (() => void)[] = [];
  afterEach(() => {
    for (const close of closers.splice(0)) close();
  });

  async function serve(status: number, body: string): Promise<{ url: string; keys: (string | undefined)[] }> {
    const keys: (string | undefined)[] = [];
    const server = createServer((request, response) => {
      keys.push(request.headers.authorization);
      response.writeHead(status).end(body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    closers.push(() => server.close());
    return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, keys };
  }

  it("sends the key", async () => {
    const { url, keys } = await serve(200, "a 1\n");
    expect(await new ServerReader(url, toAccess({ apiKey: "sesame" }, {})).metrics()).toEqual(
      new Map([["a", 1]]),
    );
    expect(keys).toEqual(["Bearer sesame"]);
  });

  it("has nothing where the server has nothing", async () => {
    const { url } = await serve(404, "not here 1\n");
    const reader = new ServerReader(url);
    expect(await reader.metrics()).toBeUndefined();
    expect(await reader.json("/props")).toBeUndefined();
    expect(await reader.health()).toBe(404);
  });

  it("has nothing where the answer is no JSON object", async () => {
    const { url } = await serve(200, "<html>");
    expect(await new ServerReader(url).json("/props")).toBeUndefined();
  });

  it("has nothing where nothing answers", async () => {
    const { url } = await serve(200, "");
    for (const close of closers.splice(0)) close();
    expect(await new ServerReader(url).health()).toBeUndefined();
  });
});
