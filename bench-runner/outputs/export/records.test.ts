// CSV and Parquet of requests: every cell is recalculated from the records by plain arithmetic, and both formats are the same.
import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "csv-parse/sync";
import { parquetMetadata, parquetReadObjects } from "hyparquet";
import { describe, expect, it } from "vitest";
import { toSnake } from "../../../lib/core/key-names.ts";
import type { RequestLine } from "../../../lib/core/request/facts.ts";
import { REQUEST_TRENDS } from "../../../lib/core/request/trends.ts";
import { toDigits } from "../../../lib/core/units.ts";
import { writeJournal } from "../../../test/unit-support/examples/example-journal.ts";
import { exampleRecords, ODD_CELL, ODD_TEXT } from "../../../test/unit-support/examples/example-records.ts";
import { FORMULAS } from "../../../test/unit-support/oracle/verify-formulas.ts";
import { toCsvText } from "../table/csv-table.ts";
import { RECORD_COLUMNS } from "./record-columns.ts";
import { readRecords } from "./record-view.ts";
import { toRecordsCsv } from "./records-csv.ts";
import { toRecordsParquet } from "./records-parquet.ts";

function toPath(lines: RequestLine[]): string {
  const path = join(mkdtempSync(join(tmpdir(), "export-")), "records.jsonl");
  writeJournal(path, lines);
  return path;
}

async function gather<T>(pieces: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const piece of pieces) all.push(piece);
  return all;
}

async function toCsv(lines: RequestLine[]): Promise<string> {
  return (await gather(toRecordsCsv(readRecords(toPath(lines))))).join("");
}

async function toParquet(lines: RequestLine[], groupRows: number): Promise<ArrayBuffer> {
  const pieces = await gather(toRecordsParquet(readRecords(toPath(lines)), groupRows));
  return new Uint8Array(Buffer.concat(pieces)).buffer;
}

type Row = Record<string, string | number | boolean | undefined>;

/** The cells of all metrics by the oracle's formulas; most of them are recalculated below, to the last digit. */
function toOracleCells(line: RequestLine): Record<string, number | undefined> {
  return Object.fromEntries(
    REQUEST_TRENDS.map(({ key, unit }) => {
      const value = FORMULAS[key]?.(line);
      const isKnown = unit === "tokens" ? Number.isSafeInteger(value) : Number.isFinite(value);
      return [`${toSnake(key)}${unit === "ms" ? "_ms" : ""}`, isKnown ? value : undefined];
    }),
  );
}

const toCell = (text: string | undefined) => (text === ODD_TEXT ? ODD_CELL : text);
/** Labels keep what is no character, replaced. */
const toLabelCell = (text: string | undefined) => (text === ODD_TEXT ? `${ODD_CELL} \ufffd` : text);

/** The row of a line, from its numbers alone; the verdict and the flags have separate tests. */
function toExpected(line: RequestLine): Row {
  const { labels, fields } = line;
  const less = (a?: number, b?: number) => (a === undefined || b === undefined ? undefined : a - b);
  const per = (a?: number, b?: number, factor = 1) =>
    a === undefined || b === undefined || b <= 0 ? undefined : (a / b) * factor;
  const whole = (value: unknown) => (Number.isSafeInteger(value) ? (value as number) : undefined);
  const usage = fields.completionTokens as number | undefined;
  const prompt = fields.promptTokens as number | undefined;
  const isStream = line.ended !== "no_stream" && !line.document;
  const completion = usage ?? (isStream ? line.tokenEvents : undefined);
  const total =
    (fields.totalTokens as number | undefined) ??
    (prompt === undefined || usage === undefined ? undefined : prompt + usage);
  const cached = fields.cachedTokens as number | undefined;
  const ttft = less(line.firstTokenMs, line.sentMs);
  const e2e = less(line.endMs, line.sentMs);
  const tpot =
    completion !== undefined && completion > 1 && line.tokenEvents > 1
      ? per(less(line.lastTokenMs, line.firstTokenMs), completion - 1)
      : undefined;
  return {
    id: line.id,
    row: toLabelCell(labels.row),
    task: toLabelCell(labels.task),
    turn: labels.turn === undefined ? undefined : Number(labels.turn),
    turns: labels.turns === undefined ? undefined : Number(labels.turns),
    conversation: labels.conversation,
    client: labels.client === "x" || labels.client === undefined ? undefined : Number(labels.client),
    vu: line.vu,
    iteration: line.iteration,
    phase: labels.phase ?? "measure",
    status: line.status,
    error_kind: line.error?.kind,
    error_message: toCell(line.error?.message ?? line.inBandError),
    finish_reason: fields.finishReason as string | undefined,
    ended: line.ended,
    document: line.document === true,
    content_type: line.contentType,
    start_unix_ms: 1_700_000_000_000 + line.startMs,
    scheduled_at_ms: line.scheduledMs,
    start_at_ms: line.startMs,
    connected_at_ms: line.connectedMs,
    sent_at_ms: line.sentMs,
    headers_at_ms: line.headersMs,
    first_token_earliest_at_ms: line.firstTokenEarliestMs,
    first_token_at_ms: line.firstTokenMs,
    first_content_at_ms: line.firstContentMs,
    last_token_earliest_at_ms: line.lastTokenEarliestMs,
    last_token_at_ms: line.lastTokenMs,
    end_at_ms: line.endMs,
    ttft_ms: ttft,
    ttfo_ms: less(line.firstContentMs, line.sentMs),
    headers_ms: less(line.headersMs, line.sentMs),
    connect_ms: line.reused ? 0 : less(line.connectedMs, line.startMs),
    ttft_with_connect_ms: less(line.firstTokenMs, line.startMs),
    schedule_delay_ms: less(line.startMs, line.scheduledMs),
    scheduled_ttft_ms: less(line.firstTokenMs, line.scheduledMs),
    send_delay_ms: less(line.sentMs, line.scheduledMs ?? (line.reused ? line.startMs : undefined)),
    tpot_ms: tpot,
    e2e_ms: e2e,
    prompt_tokens: whole(prompt),
    cached_tokens: whole(cached),
    completion_tokens: whole(completion),
    completion_estimated: usage === undefined && completion !== undefined ? true : undefined,
    total_tokens: whole(total),
    input_tokens: labels.inputTokens === "18" ? 18 : undefined,
    tokens_per_second: per(total, e2e, 1000),
    generation_tokens_per_second: per(completion, e2e, 1000),
    tokens_per_second_per_user: per(1000, tpot),
    prompt_tokens_per_second: per(prompt, ttft, 1000),
    uncached_prompt_tokens_per_second: per(less(prompt, cached), ttft, 1000),
    server_prompt_tokens_per_second: fields.serverPromptTokensPerSecond as number | undefined,
    server_predicted_tokens_per_second: undefined,
    tokens_per_event: per(usage, line.tokenEvents),
    reads_per_event: line.document ? undefined : per(line.reads, line.events),
    token_events: line.tokenEvents,
    content_events: line.contentEvents,
    reasoning_events: line.reasoningEvents,
    tool_call_events: line.toolCallEvents,
    merged_tokens: line.mergedTokens,
    uncertain_gaps: 0,
    packet_misses: line.packetMisses,
    malformed_events: line.malformedEvents,
    events: line.events,
    reads: line.reads,
    bytes: line.bytes,
    request_bytes: line.requestBytes,
    stamps: line.stamps,
    stamp_lag_mean_ms: line.stampLagMeanMs,
    stamp_lag_max_ms: line.stampLagMaxMs,
    reused: line.reused,
    retried: line.retried,
  };
}

describe("the CSV of requests", () => {
  const lines = exampleRecords();

  it("has every request in order, and each cell as plain arithmetic gives it", async () => {
    const rows = parse(await toCsv(lines), { columns: true }) as Record<string, string>[];
    expect(rows).toHaveLength(lines.length);
    for (const [index, line] of lines.entries()) {
      const { verdict, flags, truncated, stopped, ...cells } = rows[index] as Record<string, string>;
      const expected = Object.entries(toExpected(line)).map(([key, value]) => [key, String(value ?? "")]);
      for (const [key, value] of Object.entries(toOracleCells(line))) {
        if (key in Object.fromEntries(expected)) continue;
        if (value === undefined) expect(cells[key], key).toBe("");
        else expect(toDigits(Number(cells[key]), 12), key).toBe(toDigits(value, 12));
        delete cells[key];
      }
      expect(cells).toEqual(Object.fromEntries(expected));
      const isComplete = verdict === "complete";
      expect(truncated).toBe(isComplete ? String(line.fields.finishReason === "length") : "");
      expect(stopped).toBe(isComplete ? String(line.fields.finishReason === "stop") : "");
      expect((flags as string).split(" ").includes("truncated")).toBe(line.fields.finishReason === "length");
    }
  });

  it("has the verdict of each", async () => {
    const rows = parse(await toCsv(lines.slice(-5)), { columns: true }) as Record<string, string>[];
    expect(rows.map(({ verdict, document, ttft_ms }) => [verdict, document, ttft_ms])).toEqual([
      ["complete", "true", ""],
      ["refused", "false", ""],
      ["error_in_band", "false", "99"],
      ["complete", "false", "99"],
      ["aborted", "false", ""],
    ]);
    expect(rows[1]?.error_message).toBe(ODD_CELL);
  });

  it("is its header if there is no request", async () => {
    expect(await toCsv([])).toBe(`${RECORD_COLUMNS.map(({ name }) => name).join(",")}\n`);
  });
});

describe("the Parquet file of requests", () => {
  const lines = exampleRecords();

  it.each([1, 7, 305, 20_000])("read back in groups of %i rows is the CSV with types", async (groupRows) => {
    const sample = groupRows === 1 ? lines.slice(-20) : lines;
    const file = await toParquet(sample, groupRows);
    const rows = await parquetReadObjects({ file });
    const texts = parse(await toCsv(sample), { columns: true }) as Record<string, string>[];
    expect(
      rows.map((row) =>
        Object.fromEntries(
          Object.entries(row).map(([name, value]) => [
            name,
            typeof value === "string" ? toCsvText(value) : String(value ?? ""),
          ]),
        ),
      ),
    ).toEqual(texts);
    expect(parquetMetadata(file).row_groups).toHaveLength(Math.ceil(sample.length / groupRows));
    const types = { text: "string", integer: "bigint", double: "number", boolean: "boolean" };
    for (const { name, type } of RECORD_COLUMNS) {
      for (const row of rows) if (row[name] !== null) expect(typeof row[name], name).toBe(types[type]);
    }
  });

  it("has its columns and no row if there is no request", async () => {
    const file = await toParquet([], 10);
    expect(await parquetReadObjects({ file })).toEqual([]);
    expect(
      parquetMetadata(file)
        .schema.slice(1)
        .map(({ name }) => name),
    ).toEqual(RECORD_COLUMNS.map(({ name }) => name));
  });
});

it("has no two columns of one name, and a meaning for each", () => {
  expect(new Set(RECORD_COLUMNS.map(({ name }) => name)).size).toBe(RECORD_COLUMNS.length);
  for (const { name, meaning } of RECORD_COLUMNS) {
    expect(name).toMatch(/^[a-z][a-z0-9_]*$/);
    expect(meaning).not.toBe("");
  }
});
