// What `datasets inspect` promises is what a run takes: for files of every format, with good, odd and useless rows.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { parquetWriteBuffer } from "hyparquet-writer";
import { afterAll, expect, it } from "vitest";
import { toReadingForm } from "../../lib/core/apis/apis.ts";
import { resolveLoad } from "../../lib/core/options/resolve-load.ts";
import { casesOf } from "../../test/unit-support/random-cases.ts";
import { UserError } from "../platform/user-error.ts";
import { FORMAT_NAMES, FORMATS } from "./datasets/formats.ts";
import { inspectDataset } from "./datasets/inspect/inspect-dataset.ts";
import { openPromptSources } from "./prompt-sources.ts";
import { readyPrompts } from "./ready-prompts.ts";
import type { TokenCounter } from "./tokens/token-counter.ts";
import { wordsCounter } from "./tokens/words-counter.ts";

const folder = mkdtempSync(join(tmpdir(), "inspect-run-"));
afterAll(() => rmSync(folder, { recursive: true }));

const characters: TokenCounter = {
  by: "tokenizer",
  name: "characters",
  count: async (texts) => texts.map((text) => text.length),
};

interface Parts {
  prompt: string;
  answer: string;
  later: string;
  system: string;
  length: number;
  /** Which of a format's forms. */
  form: number;
}

const TEXTS = [
  "",
  "hi",
  "one two three four",
  "half \ud83d of it",
  "ein schöner Tag 😀 heute",
  "w ".repeat(12),
];
const PARTS: fc.Arbitrary<Parts> = fc.record({
  prompt: fc.constantFrom(...TEXTS),
  answer: fc.constantFrom(...TEXTS),
  later: fc.constantFrom(...TEXTS),
  system: fc.constantFrom("", "Be brief and polite, please."),
  length: fc.integer({ min: 0, max: 40 }),
  form: fc.integer({ min: 0, max: 3 }),
});

const user = (content: unknown) => ({ role: "user", content });
const image = { type: "image_url", image_url: { url: "https://example.com/a.png" } };
const dialogue = ({ prompt, answer, later }: Parts) => [
  user(prompt),
  { role: "assistant", content: answer },
  user(later),
];

/** A value of a file in each format; the first of a file is always in the first form. */
const VALUES: Readonly<Record<(typeof FORMAT_NAMES)[number], (parts: Parts) => unknown>> = {
  rows: ({ prompt, answer, system, length, form }) =>
    [
      { prompt, system },
      { prompt, output_tokens: length },
      { prompt, answer, answerTokens: length, before: [user("Earlier words of the user.")] },
      { prompt, content: [{ type: "text", text: prompt }, image], turns: [{ prompt: answer }] },
    ][form],
  sharegpt: (parts) => {
    const { prompt, answer, later, system, form } = parts;
    const said = (from: string, value: string) => ({ from, value });
    const turns = [said("human", prompt), said("gpt", answer), said("human", later)];
    const list = [turns, [said("system", system), ...turns], dialogue(parts), null];
    return { conversations: list[form] };
  },
  messages: (parts) => {
    const { prompt, system, form } = parts;
    const all = dialogue(parts);
    const forms = [
      all,
      [{ role: "system", content: system }, ...all],
      [user([{ type: "text", text: prompt }, image])],
      [{ role: "assistant", content: prompt }],
    ];
    return { messages: forms[form] };
  },
  arena: (parts) => ({ conversation_a: parts.form === 3 ? [] : dialogue(parts) }),
  oasst1: ({ prompt, form }) => ({
    message_id: "m",
    parent_id: form === 1 ? "p" : null,
    text: prompt,
    role: form === 2 ? "assistant" : "prompter",
  }),
  cnn_dailymail: ({ prompt, answer }) => ({ article: prompt, highlights: answer }),
  trivia_qa: ({ prompt, answer }) => ({ question: prompt, answer }),
  humaneval: ({ prompt }) => ({ task_id: "t", prompt, entry_point: "f" }),
  samples: ({ prompt, length }) => [prompt, 9, length],
  column: ({ prompt, length, form }) =>
    form === 0 ? { question: prompt } : { text: prompt, output_length: length },
  text: ({ prompt }) => prompt,
};

const quote = (text: string) => `"${text.replaceAll('"', '""')}"`;
const delimited = (delimiter: string) => (values: readonly unknown[]) =>
  ["id", "prompt"]
    .join(delimiter)
    .concat(...values.map((value) => `\n1${delimiter}${quote(Object.values(value as object)[0] as string)}`));
/** Objects and lists become columns of JSON. */
function toParquet(values: readonly unknown[]): Uint8Array {
  const rows = values as Record<string, unknown>[];
  const names = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const columnData = names.map((name) => {
    const data = rows.map((row) => row[name] ?? null);
    const isNested = data.some((value) => typeof value === "object" && value !== null);
    return { name, data, nullable: true, ...(isNested && { type: "JSON" as const }) };
  });
  return new Uint8Array(parquetWriteBuffer({ columnData, rowGroupSize: 5 }));
}

const lines = (values: readonly unknown[]) => values.map((value) => JSON.stringify(value)).join("\n");
const array = (values: readonly unknown[]) => JSON.stringify(values);

const FILES: [
  format: (typeof FORMAT_NAMES)[number],
  name: string,
  write: (values: readonly unknown[]) => string | Uint8Array,
][] = [
  ...FORMAT_NAMES.filter((name) => name !== "text").map((name) => [name, `${name}.json`, array] as never),
  ...FORMAT_NAMES.filter((name) => name !== "text" && name !== "samples").map(
    (name) => [name, `${name}.jsonl`, lines] as never,
  ),
  ...FORMAT_NAMES.filter((name) => FORMATS[name].kinds.includes("parquet")).map(
    (name) => [name, `${name}.parquet`, toParquet] as never,
  ),
  ["column", "column.csv", delimited(",")],
  ["column", "column.tsv", delimited("\t")],
  ["text", "text.txt", (values) => `${values.join("\n")}\n `],
];

const OPTIONS = fc.record(
  {
    "max-prompt-tokens": fc.constantFrom("4", "12", "60"),
    "max-context": fc.constantFrom("10", "40", "200"),
    "max-turns": fc.constantFrom("1", "3"),
    endpoint: fc.constantFrom("chat", "completions"),
    order: fc.constantFrom("random", "sequential"),
    "prompt-type": fc.constantFrom("short", "medium"),
  },
  { requiredKeys: ["max-prompt-tokens", "max-context", "max-turns", "endpoint", "order"] },
);

/** A row that every format takes under loose limits: chance alone may draw none. */
const PLAIN: Parts = {
  ...{
    prompt: "one two three four",
    answer: "one two three four",
    later: "hi",
    system: "",
    length: 5,
    form: 0,
  },
};
const LOOSE = {
  ...{ "max-prompt-tokens": "60", "max-context": "200", "max-turns": "3" },
  ...{ endpoint: "chat", order: "sequential" },
} as const;

it.each(FILES)(
  "%s in %s",
  async (format, name, write) => {
    const path = join(folder, name);
    const counters = fc.constantFrom(wordsCounter, characters);
    let used = 0;
    const holds = async (rows: Parts[], flags: Record<string, string | undefined>, counter: TokenCounter) => {
      const first = { ...(rows[0] as Parts), form: 0 };
      writeFileSync(path, write([first, ...rows.slice(1)].map(VALUES[format])));
      const { load, shape } = resolveLoad({ flags: { ...flags, dataset: path, "n-prompts": "1000" } });
      const orNone = async (count: Promise<number>) => {
        try {
          return await count;
        } catch (error) {
          if (error instanceof UserError) return 0;
          throw error;
        }
      };
      const inspected = await orNone(
        inspectDataset(path, { ...load, ...toReadingForm(load) }, counter).then((report) => {
          const left = [...Object.values(report.leftOut), ...Object.values(report.tooLong)];
          expect(report.used + left.reduce((sum, count) => sum + count, 0)).toBe(report.rows);
          return report.used;
        }),
      );
      const run = async () => {
        const { sources } = await openPromptSources(
          { load, shape, origins: {} },
          { XDG_CACHE_HOME: join(folder, "cache") },
        );
        return (await readyPrompts(sources, load, counter)).rows.length;
      };
      expect(inspected).toBe(await orNone(run()));
      used += inspected;
    };
    await fc.assert(
      fc.asyncProperty(fc.array(PARTS, { minLength: 1, maxLength: 12 }), OPTIONS, counters, holds),
      { numRuns: casesOf(30), examples: [[[PLAIN], { ...LOOSE }, wordsCounter]] },
    );
    // Not by refusing every file.
    expect(used).toBeGreaterThan(0);
  },
  60_000,
);
