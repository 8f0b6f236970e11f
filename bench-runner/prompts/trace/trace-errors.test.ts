// The error of a trace that cannot be replayed: the place in the file, what was expected, and the remedy.
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { EXIT } from "../../platform/exit-codes.ts";
import { readTrace } from "./read-trace.ts";
import type { TraceOptions } from "./trace.ts";
import { describeTrace } from "./trace-window.ts";

let folder: string;
let path: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "traces-"));
  path = join(folder, "trace");
});
afterAll(() => rmSync(folder, { recursive: true }));

async function messageOf(work: Promise<unknown>) {
  const error = await work.then(
    () => undefined,
    (thrown) => thrown,
  );
  expect(error?.name).toBe("UserError");
  return { message: error.message as string, exitCode: error.exitCode as number };
}

function readFailing(text: string | Buffer, options: Partial<TraceOptions> = {}) {
  writeFileSync(path, text);
  return messageOf(readTrace(path, { speedUp: 1, fromSeconds: 0, mostRequests: 1000, ...options }));
}

const azure = (...rows: string[]) => ["TIMESTAMP,ContextTokens,GeneratedTokens", ...rows].join("\n");
const whole = "2023-11-16 18:15:46.6805900,4808,10";
const json = (row: object) =>
  `{"timestamp":0,"input_length":1,"output_length":1,"hash_ids":[]}\n${JSON.stringify(row)}`;

describe("readTrace says", () => {
  it.each<[string, string | Buffer, string]>([
    [
      "what it looked for in an unknown layout",
      "when,how long\n1,2",
      "has no known layout: its first row has `when`, `how long`; looked for `mooncake` (`timestamp`, `input_length`, `output_length`, `hash_ids`), `azure` (`timestamp`, `contexttokens`, `generatedtokens`)",
    ],
    [
      "that a CSV has no header",
      "5,ChatGPT,472,18\n6,ChatGPT,10,3",
      "its first row has `5`, `18`, `472`, `chatgpt`; looked for",
    ],
    ["that a file is empty", " \n", "has no requests. Fetch it again."],
    ["that a file is a header alone", azure(), "has no requests"],
    ["that a file is compressed", gzipSync(azure(whole)), "is not text: it is compressed, or in UTF-16"],
    [
      "which length is negative",
      azure(whole, "2023-11-16 18:15:47,-3,10"),
      'line 3: `contexttokens` is `"-3"`, expected a whole number from 1 to 10,000,000. Correct the line, or remove it.',
    ],
    [
      "which length is a fraction",
      azure(whole, "2023-11-16 18:15:47,10,2.5"),
      'line 3: `generatedtokens` is `"2.5"`, expected a whole number from 0 to 10,000,000',
    ],
    [
      "which length is longer than any context",
      json({ timestamp: 1, input_length: 1e9, output_length: 2 }),
      "line 2: `input_length` is `1000000000`, expected a whole number from 1 to 10,000,000",
    ],
    [
      "which line is at fault in the middle of a file with CRLF",
      `${azure(whole, "2023-11-16 18:15:47,0,10", whole).replaceAll("\n", "\r\n")}\r\n`,
      'line 3: `contexttokens` is `"0"`',
    ],
    [
      "which length is missing in CSV",
      azure(whole, "", "2023-11-16 18:15:47,,10"),
      "line 4: `contexttokens` is missing",
    ],
    [
      "which length is missing in JSON",
      json({ timestamp: 1, output_length: 2 }),
      "line 2: `input_length` is missing",
    ],
    [
      "which prompt has length 0",
      json({ timestamp: 1, input_length: 0, output_length: 2 }),
      "line 2: `input_length` is `0`, expected a whole number from 1 to 10,000,000",
    ],
    [
      "which blocks are not numbers",
      json({ timestamp: 1, input_length: 9, output_length: 2, hash_ids: ["a"] }),
      'line 2: `hash_ids` is `["a"]`, expected a list of whole numbers, 0 or above',
    ],
    [
      "which date is invalid",
      azure(whole, "16 November,10,10"),
      'line 3: `timestamp` is `"16 November"`, expected a time like `2023-11-16 18:15:46.6805900`',
    ],
    [
      "which time is invalid",
      json({ timestamp: "soon", input_length: 1, output_length: 2 }),
      'line 2: `timestamp` is `"soon"`, expected a number of milliseconds',
    ],
    [
      "which time is missing",
      json({ input_length: 1, output_length: 2 }),
      "line 2: `timestamp` is missing, expected a number of milliseconds",
    ],
    [
      "which line of CSV is cut off",
      azure(whole, "2023-11-16 18:15:4"),
      "line 3 has a different number of columns than the header",
    ],
    [
      "which line of CSV has a stray quote",
      azure(whole, '2023-11-16 18:15:47,"1"0,10'),
      "line 3 is malformed CSV: check its quotes",
    ],
    [
      "which line of JSON is cut off",
      '{"timestamp":0,"input_length":1,"output_length":1}\r\n\r\n{"timest',
      "line 3 is malformed or cut off: expected one JSON object a line",
    ],
    [
      "that an array is not JSON lines",
      '[\n{"timestamp":0}]',
      "line 1 is malformed or cut off: expected one JSON object a line",
    ],
  ])("%s", async (_, text, message) => {
    const said = await readFailing(text);
    expect(said.message).toContain(message);
    expect(said.message).toContain(path);
    expect(said.exitCode).toBe(EXIT.usage);
  });

  const plain = "timestamp,prompt_tokens,completion_tokens\n0,1,1\n60,1,0\n90,1,1\n100,1,1";
  it.each<[string, Partial<TraceOptions>, string]>([
    [
      "that a layout was forced which the file has not",
      { format: "azure" },
      "is not in the layout of `--trace-format azure`: its first row has `timestamp`, `prompt_tokens`, `completion_tokens`; looked for `azure`",
    ],
    [
      "that a window is empty",
      { fromSeconds: 10, forSeconds: 20 },
      "has no request to replay from 10.0 s to 30.0 s: it has 1 before the window, 3 after it, its last request is at 1m 40s. Choose another window with `--trace-from` and `--trace-for`.",
    ],
    ["that a window has failures alone", { fromSeconds: 50, forSeconds: 20 }, "1 with 0 output tokens"],
    [
      "that a window is behind the trace",
      { fromSeconds: 200 },
      "has no request to replay from 3m 20s to its end",
    ],
    [
      "that there are too many requests, and how long a window may be",
      { mostRequests: 2 },
      "has more than 2 requests from 0.0 s to its end. Choose a shorter window, for instance `--trace-for 100`.",
    ],
    [
      "that there are too many requests in the first second",
      { fromSeconds: 90, forSeconds: 0.5, mostRequests: 0 },
      "has more than 0 requests from 1m 30s to 1m 31s. Choose a shorter window by `--trace-for`.",
    ],
  ])("%s", async (_, options, message) => {
    expect((await readFailing(plain, options)).message).toContain(message);
  });

  it.each<[string, () => string, string]>([
    [
      "that a file does not exist",
      () => join(folder, "nope"),
      "nope cannot be read: it does not exist. Check `--trace`.",
    ],
    ["that a path is a folder", () => folder, "cannot be read: it is a folder"],
    ["that a path is a device", () => "/dev/null", "cannot be read: it is not a regular file"],
    [
      "that a path is a FIFO, without waiting for its writer",
      () => {
        const fifo = join(folder, "fifo");
        execFileSync("mkfifo", [fifo]);
        return fifo;
      },
      "cannot be read: it is not a regular file",
    ],
  ])("%s", async (_, toPath, message) => {
    const said = await messageOf(readTrace(toPath(), { speedUp: 1, fromSeconds: 0, mostRequests: 1 }));
    expect(said.message).toContain(message);
    expect(said.exitCode).toBe(EXIT.failed);
  });
});

describe("describeTrace", () => {
  const trace = {
    format: "burstgpt",
    requests: [0, 90_000].map((offsetMs) => ({ offsetMs, promptTokens: 1, outputTokens: 1 })),
    leftOut: { beforeWindow: 0, afterWindow: 0, withoutOutput: 0 },
  } as const;
  it.each([
    [
      "says how it was read, and how long it takes",
      {},
      "Trace a.csv, read as `burstgpt`: 2 requests in 1m 30s.",
    ],
    [
      "says what was left out",
      { leftOut: { beforeWindow: 3, afterWindow: 1200, withoutOutput: 1 } },
      "Left out: 3 before the window, 1,200 after it, 1 with 0 output tokens, which have failed.",
    ],
    [
      "says that the end was not read",
      { unreadFromLine: 120_001 },
      "Left out: everything from line 120,001 on, far behind it.",
    ],
  ])("%s", (_, more, text) => {
    expect(describeTrace("a.csv", { ...trace, requests: [...trace.requests], ...more })).toContain(text);
  });
});
