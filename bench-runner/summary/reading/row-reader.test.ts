import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import type { JournalLine, RequestLine } from "../../../lib/core/request/facts.ts";
import { toVerdict } from "../../../lib/core/request/verdict.ts";
import { failed, mixed, request } from "../../../test/unit-support/examples/example-journal.ts";
import { visitJournal } from "../../run-folder/journal-reader.ts";
import { type KeptRequest, RequestRows } from "./request-rows.ts";
import { readGaps, visitRows } from "./row-reader.ts";

const folder = mkdtempSync(join(tmpdir(), "row-reader-"));
afterAll(() => rmSync(folder, { recursive: true }));
const path = join(folder, "records.jsonl");

async function keepRows(text: string): Promise<RequestRows> {
  writeFileSync(path, text);
  const rows = new RequestRows();
  await visitJournal(path, (line, position) => {
    if (line.type === "request") rows.add(line, toVerdict(line), position);
  });
  return rows;
}

async function readAll(rows: RequestRows): Promise<KeptRequest[]> {
  const requests: KeptRequest[] = [];
  await visitRows(path, rows, (request) => requests.push(request));
  return requests;
}

/** The facts of a request that the sums of the second reading need, taken from its whole line. */
function toExpected(line: RequestLine): KeptRequest {
  const { startMs, sentMs, firstTokenMs, lastTokenMs, endMs, document, tokenEvents, fields } = line;
  const { gapsUs, gapHistogramUs, uncertainGaps, tokensBySecond } = line;
  const { completionTokens, promptTokens } = fields;
  return {
    verdict: toVerdict(line),
    isMeasured: (line.labels.phase ?? "measure") === "measure",
    startMs,
    endMs,
    tokenEvents,
    ...(firstTokenMs !== undefined && { firstTokenMs }),
    ...(lastTokenMs !== undefined && { lastTokenMs }),
    ...(document && { document, sentMs: sentMs ?? startMs }),
    fields: {
      ...(completionTokens !== undefined && { completionTokens }),
      ...(promptTokens !== undefined && { promptTokens }),
    },
    ...(gapsUs && { gapsUs }),
    ...(gapHistogramUs && { gapHistogramUs }),
    ...(uncertainGaps && { uncertainGaps }),
    ...(!gapsUs && tokensBySecond && { tokensBySecond }),
  };
}

const toText = (lines: JournalLine[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join("");

/** As a user's program might write it. */
const spaced = (line: RequestLine) => `${JSON.stringify(line, null, 1).replaceAll(/\n */g, " ")}\n`;

const progress: JournalLine = {
  type: "progress",
  tMs: 1000,
  started: 3,
  inFlight: 1,
  done: 2,
  failed: 0,
  tokens: 8,
  firstTokens: 2,
  firstTokenWaitMs: 9,
};
const { gapsUs: _, ...unlisted } = request(11, 50);
const long: RequestLine = {
  ...unlisted,
  gapHistogramUs: [[10_000, 20_000]],
  tokenEvents: 20_001,
  tokensBySecond: [[0, 20_001]],
};
const tricky = request(12, 100, {
  labels: { row: '"gapsUs":[7,7],', task: 'é "gapsUs":[8' },
  gapsUs: [1, 2, 3],
});
const doubtful = request(13, 150, {
  gapsUs: [0, 0, 20_000],
  uncertainGaps: [
    [0, 2],
    [2, 1],
  ],
});
const longText = request(14, 200, { body: `"gapsUs":[5] ${"é".repeat(800_000)}`, gapsUs: [4] });

describe("visitRows", () => {
  test.each<[string, RequestLine[], string?]>([
    ["requests of every verdict", mixed(3000)],
    ["documents, and one that was never sent", [request(1, 10, { document: true, gapsUs: [] }), toUnsent()]],
    ["answers too long for a list of gaps", [request(1, 0), long, request(2, 60)]],
    ["gaps that are not known", [request(1, 0), doubtful, tricky, { ...doubtful, id: 15 }]],
    [
      "texts that look like gaps",
      [tricky, failed(2, 110, "reset", { body: '"gapsUs":[9]' }), { ...tricky, id: 15 }],
    ],
    [
      "a line longer than a block of the file",
      [request(1, 0), longText, { ...longText, id: 15 }, request(2, 5)],
    ],
    ["two phases", [request(1, 0, { labels: { phase: "warmup" } }), request(2, 400)]],
    ["no request", []],
  ])("gives the same as parsing the whole lines: %s", async (_, lines) => {
    const rows = await keepRows(toText(lines));
    expect(await readAll(rows)).toEqual(lines.map(toExpected));
  });

  test("finds its lines among others, blank lines, and lines with spaces", async () => {
    const [first, second, third] = [request(1, 0, { gapsUs: [1] }), { ...doubtful, id: 2 }, long];
    const text = `${toText([progress, first])}\n \n${spaced(second)}${toText([progress])}${spaced(third)}`;
    const rows = await keepRows(`${text}${toText([tricky]).trimEnd()}`);
    expect(await readAll(rows)).toEqual([first, second, third, tricky].map(toExpected));
  });

  test("leaves out a torn last line", async () => {
    const rows = await keepRows(`${toText([tricky])}${toText([request(2, 0)]).slice(0, -30)}`);
    expect(await readAll(rows)).toEqual([toExpected(tricky)]);
  });

  test("ignores lines that were added since", async () => {
    const rows = await keepRows(toText([tricky]));
    appendFileSync(path, toText([request(2, 0)]));
    expect(await readAll(rows)).toEqual([toExpected(tricky)]);
  });

  test("throws if the journal has changed", async () => {
    const rows = await keepRows(toText([request(1, 0), long]));
    truncateSync(path, toText([request(1, 0)]).length + 20);
    await expect(readAll(rows)).rejects.toThrow(/has changed while it was read/);
    truncateSync(path, 20);
    await expect(readAll(rows)).rejects.toThrow(/has changed while it was read/);
  });
});

function toUnsent(): RequestLine {
  const { sentMs: _, ...line } = failed(2, 20, "tcp", { document: true });
  return line;
}

describe("readGaps", () => {
  test.each<[string, string, number[] | undefined]>([
    ["a list", '{"gapsUs":[12,0,345],"x":1}', [12, 0, 345]],
    ["a single gap", '{"gapsUs":[7]}', [7]],
    ["no gap", '{"gapsUs":[]}', []],
    ["a list after a text that looks like one", '{"a":"\\"gapsUs\\":[1]","gapsUs":[2]}', [2]],
    ["spaces", '{"gapsUs": [1]}', undefined],
    ["spaces between the numbers", '{"gapsUs":[1, 2]}', undefined],
    ["fractions", '{"gapsUs":[1.5]}', undefined],
    ["exponents", '{"gapsUs":[1e3]}', undefined],
    ["negative numbers", '{"gapsUs":[-1]}', undefined],
    ["a list without its end", '{"gapsUs":[1,2', undefined],
    ["the list of the next line", '{"x":1}\n{"gapsUs":[1]}', undefined],
  ])("%s", (_, text, expected) => {
    const bytes = Buffer.from(`{"gapsUs":[99]}\n${text}`);
    const start = bytes.indexOf("\n") + 1;
    const lineFeed = bytes.indexOf("\n", start);
    expect(readGaps(bytes, start, lineFeed < 0 ? bytes.length : lineFeed)).toEqual(expected);
  });
});
