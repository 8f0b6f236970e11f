import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createRandom, sample } from "../../../lib/core/prompts/random.ts";
import { readTrace } from "./read-trace.ts";
import type { TraceOptions } from "./trace.ts";

const ALL: TraceOptions = { speedUp: 1, fromSeconds: 0, mostRequests: 1000 };

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "traces-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

function read(text: string | Buffer, options: Partial<TraceOptions> = {}) {
  const path = join(folder, "trace");
  writeFileSync(path, text);
  return readTrace(path, { ...ALL, ...options });
}
const readSample = (name: string, options: Partial<TraceOptions> = {}) =>
  readTrace(fileURLToPath(new URL(`../../../test/fixtures/traces/${name}`, import.meta.url)), {
    ...ALL,
    ...options,
  });

/** A plain trace with a request at each of these seconds, with its place in the file as its prompt tokens. */
const plain = (seconds: readonly number[]) =>
  ["timestamp,prompt_tokens,completion_tokens", ...seconds.map((at, index) => `${at},${index + 1},7`)].join(
    "\n",
  );
const places = async (seconds: readonly number[], options: Partial<TraceOptions> = {}) =>
  (await read(plain(seconds), options)).requests.map(({ promptTokens }) => promptTokens);

describe("readTrace recognises", () => {
  it.each([
    [
      "Mooncake, whose times are milliseconds",
      "mooncake.jsonl",
      { format: "mooncake", leftOut: { beforeWindow: 0, afterWindow: 0, withoutOutput: 0 } },
      [0, 0, 450, 1200, 1200, 2750, 3000, 3900, 5200, 6100, 7800, 9500],
      { promptTokens: 1024, outputTokens: 130, blocks: [17, 18] },
    ],
    [
      "Azure, whose times are dates with seven digits",
      "azure.csv",
      { format: "azure", leftOut: { beforeWindow: 0, afterWindow: 0, withoutOutput: 0 } },
      [0, 688.45, 925, 2275, 2275, 4874, 5125, 6878.21, 8625, 8775, 11250, 12000],
      { promptTokens: 118, outputTokens: 29 },
    ],
    [
      "BurstGPT, whose times are seconds, and leaves its failures out",
      "burstgpt.csv",
      { format: "burstgpt", leftOut: { beforeWindow: 0, afterWindow: 0, withoutOutput: 2 } },
      [0, 0, 1000, 5000, 6000, 9000, 12000, 15000, 18000, 20000],
      { promptTokens: 508, outputTokens: 97 },
    ],
  ])("%s", async (_, name, rest, offsets, last) => {
    const trace = await readSample(name);
    expect(trace).toMatchObject(rest);
    expect(trace.requests.map(({ offsetMs }) => offsetMs)).toEqual(offsets);
    expect(trace.requests.at(-1)).toEqual({ offsetMs: offsets.at(-1), ...last });
  });

  const tenTokens = [{ offsetMs: 0, promptTokens: 10, outputTokens: 7 }];
  it.each([
    [
      "plain CSV with prompt and completion tokens",
      "timestamp,prompt_tokens,completion_tokens\n0.5,10,7",
      "plain",
    ],
    ["plain CSV with input and output lengths", "timestamp,input_length,output_length\n0.5,10,7", "plain"],
    ["plain JSON lines", '{"timestamp":0.5,"prompt_tokens":10,"completion_tokens":7}', "plain"],
    [
      "lines like Mooncake's without hashes as plain",
      '{"timestamp":5,"input_length":10,"output_length":7}',
      "plain",
    ],
    [
      "CSV after a byte order mark, with CRLF",
      "\uFEFFTIMESTAMP,ContextTokens,GeneratedTokens\r\n2024-05-10 00:00:00Z,10,7\r\n",
      "azure",
    ],
    [
      "JSON lines after a byte order mark, with CRLF",
      '\uFEFF{"timestamp":0,"input_length":10,"output_length":7,"hash_ids":[]}\r\n\r\n',
      "mooncake",
    ],
    [
      "columns in another case, in quotes, in another order",
      '"Response Tokens","Request Tokens",Extra,"Timestamp"\n7,10,,0',
      "burstgpt",
    ],
    [
      "the index column that pandas writes",
      ",TIMESTAMP,ContextTokens,GeneratedTokens\n0,2024-05-10 00:00:00,10,7",
      "azure",
    ],
    [
      "a file that begins with blank lines",
      "\n\r\n  \ntimestamp,prompt_tokens,completion_tokens\n\n1,10,7\n\n",
      "plain",
    ],
  ])("%s", async (_, text, format) => {
    expect(await read(text)).toMatchObject({ format, requests: tenTokens });
  });

  it("takes a forced layout before the one it would recognise", async () => {
    const lines = [0, 1500].map((ms) =>
      JSON.stringify({ timestamp: ms, input_length: 10, output_length: 7 }),
    );
    const { format, requests } = await read(lines.join("\n"), { format: "mooncake" });
    expect([format, requests[1]?.offsetMs]).toEqual(["mooncake", 1500]);
  });
});

describe("readTrace", () => {
  it.each<[string, readonly number[], Partial<TraceOptions>, number[]]>([
    ["takes all of the trace without a window", [5, 6, 9], {}, [1, 2, 3]],
    [
      "begins the window where it is asked to, counted from the first request",
      [5, 6, 9],
      { fromSeconds: 1 },
      [2, 3],
    ],
    ["ends the window before a request at its end", [5, 6, 9], { forSeconds: 4 }, [1, 2]],
    ["ends the window counted from its beginning", [5, 6, 8, 9], { fromSeconds: 1, forSeconds: 2.5 }, [2, 3]],
    ["measures the window before the speed-up", [5, 6, 9], { forSeconds: 2, speedUp: 100 }, [1, 2]],
    ["sorts requests that are not in order", [5, 9, 6], {}, [1, 3, 2]],
    ["keeps requests of the same time in the file's order", [5, 4, 5, 4], {}, [2, 4, 1, 3]],
    [
      "counts the window from the earliest request, also where that comes last",
      [9, 6, 5],
      { forSeconds: 2 },
      [3, 2],
    ],
    ["accepts exactly the maximum number of requests", [5, 6, 9], { mostRequests: 3 }, [1, 2, 3]],
  ])("%s", async (_, seconds, options, expected) => {
    expect(await places(seconds, options)).toEqual(expected);
  });

  it("counts offsets from the first request kept, and plays twice as fast", async () => {
    const { requests } = await read(plain([5, 6, 9]), { fromSeconds: 0.5, speedUp: 2 });
    expect(requests.map(({ offsetMs }) => offsetMs)).toEqual([0, 1500]);
  });

  it("counts what it leaves out", async () => {
    const { leftOut } = await readSample("burstgpt.csv", { fromSeconds: 1, forSeconds: 10 });
    expect(leftOut).toEqual({ beforeWindow: 2, afterWindow: 5, withoutOutput: 1 });
  });

  it("does not look at lengths outside of the window", async () => {
    const text = "timestamp,prompt_tokens,completion_tokens\n0,,\n1,3,7\n2,-1,-1";
    expect((await read(text, { fromSeconds: 1, forSeconds: 1 })).requests).toHaveLength(1);
  });

  it("gives the sorted requests of the window, whatever the order of the file", async () => {
    const random = createRandom(7);
    for (let round = 0; round < 20; round++) {
      const seconds = Array.from({ length: 50 }, () => Math.floor(random() * 400) / 4);
      const [fromSeconds, forSeconds] = [Math.floor(random() * 40), 1 + Math.floor(random() * 60)];
      const first = Math.min(...seconds) + fromSeconds;
      const inside = seconds.filter((at) => at >= first && at < first + forSeconds).toSorted((a, b) => a - b);
      const { requests } = await read(plain(sample(seconds, 50, random)), { fromSeconds, forSeconds });
      expect(requests.map(({ offsetMs }) => offsetMs)).toEqual(
        inside.map((at) => (at - (inside[0] as number)) * 1000),
      );
    }
  });

  it("stops reading far beyond the window, and reports the line", async () => {
    const seconds = Array.from({ length: 100_010 }, (_, index) => index);
    const trace = await read(plain(seconds), { forSeconds: 3 });
    expect(trace.requests).toHaveLength(3);
    expect(trace.unreadFromLine).toBe(100_005);
  });
});
