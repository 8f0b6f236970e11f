import stringWidth from "string-width";
import { describe, expect, it } from "vitest";
import { request } from "../../../test/unit-support/examples/example-journal.ts";

import { type ProbeResult, toProbeResult } from "./probe-result.ts";
import { renderProbe } from "./render-probe.ts";

const hop = {
  request: {
    line: "POST /v1/chat/completions HTTP/1.1",
    headers: [["X-Long", "a".repeat(300)]] as [string, string][],
    body: JSON.stringify({
      messages: Array.from({ length: 60 }, (_, n) => ({ role: "user", content: `${n}` })),
    }),
  },
  response: { line: "HTTP/1.1 200 OK", headers: [["X-\u001b[31mRed", "1"]] as [string, string][] },
};
const server = "llama-server on http://127.0.0.1:8080 with /a/model.gguf";

function resultOf(more: Parameters<typeof request>[2] = {}, text?: string): ProbeResult {
  const line = request(1, 1000, { gapsUs: [10_000, 12_500, 9_000], ...more });
  return toProbeResult(line, { hops: [hop], errors: [] }, { url: "http://h", found: undefined, text });
}

describe("a result", () => {
  it("has times from the moment at which the request was handed over", () => {
    expect(resultOf().timeline.map(({ name, atMs, afterMs }) => [name, atMs, afterMs])).toEqual([
      ["handed over", 0, 0],
      ["sent", 1, 1],
      ["headers", 20, 19],
      ["first token", 100, 80],
      ["last token", 130, 30],
      ["end", 135, 5],
    ]);
  });

  it("has the gaps and their middle", () => {
    expect(resultOf()).toMatchObject({ gapsMs: [10, 12.5, 9], gaps: { min: 9, median: 10, max: 12.5 } });
    expect(resultOf({ gapsUs: [] })).not.toHaveProperty("gaps");
  });

  it("shows an error in its original words", () => {
    expect(resultOf({ error: { kind: "eof", message: "it ended" } }).error).toBe("eof: it ended");
    expect(resultOf({ inBandError: "out of memory" }).error).toBe("out of memory");
    expect(resultOf({ status: 500, body: "oh no", ended: "no_stream" }).error).toBe("oh no");
    expect(resultOf()).not.toHaveProperty("error");
  });
});

describe("in a terminal", () => {
  it.each([60, 80, 100, 120])("it fits into %i columns, without what moves the cursor", (width) => {
    const shown = renderProbe(resultOf({}, `${"word ".repeat(100)}\n\u001b[2Jend`), server, width);
    for (const line of shown.split("\n")) expect(stringWidth(line)).toBeLessThanOrEqual(width);
    expect(shown).not.toContain("\u001b");
  });

  it("a long body is cut, and says by how much", () => {
    expect(renderProbe(resultOf(), server, 100)).toMatch(/… \d+ more lines/);
  });

  it("marks token counts that only the client has", () => {
    const shown = renderProbe(resultOf({ fields: { finishReason: "stop" }, tokenEvents: 4 }), server, 100);
    expect(shown).toContain("4 tokens (token events: the server reports no usage)");
    expect(shown).toContain("no_usage");
  });
});
