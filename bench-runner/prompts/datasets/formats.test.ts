// Every format: the rows of its sample in test/fixtures/datasets, and how its files are recognised.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { UserError } from "../../platform/user-error.ts";
import { type DatasetFormat, FORMAT_NAMES } from "./formats.ts";
import { prepareDataset } from "./prepare.ts";

const limits = { maxPromptTokens: 1024, maxContext: 2048 };
const samples = new URL("../../../test/fixtures/datasets/", import.meta.url).pathname;
const folder = mkdtempSync(join(tmpdir(), "formats-"));
const output = join(folder, "output.jsonl");
afterAll(() => rmSync(folder, { recursive: true }));

async function prepare(input: string, forced?: DatasetFormat) {
  const { format, leftOut } = await prepareDataset(input, output, {
    ...limits,
    ...(forced && { datasetFormat: forced }),
  });
  const rows = readFileSync(output, "utf8").trim().split("\n");
  return { format, leftOut, rows: rows.map((line) => JSON.parse(line)) };
}

function prepareText(name: string, text: string | Buffer, forced?: DatasetFormat) {
  const input = join(folder, name);
  writeFileSync(input, text);
  return prepare(input, forced);
}

const chat = (number: number, prompt: string) => ({ id: `oasst1-${number}`, task: "chat", prompt });
const SUMMARIZE = "Summarize this article in three or four short sentences.\n\n";
const question = (number: number, prompt: string) => ({
  id: `trivia_qa-${number}`,
  task: "question-answering",
  prompt,
});

const RIVERS = {
  id: "messages-2",
  prompt: "Which one is the longest?",
  answerTokens: 7,
  before: [
    { role: "user", content: "Name three rivers in Europe." },
    { role: "assistant", content: "Rhine, Danube and Loire." },
  ],
};
const ARENA = [
  { id: "arena-1", task: "chat", prompt: "Tell me about old lighthouses.", answerTokens: 6 },
  { id: "arena-2", task: "chat", prompt: "Write a haiku about rain.", answerTokens: 5 },
];
const OASST1 = [chat(1, "How do I prune an apple tree?"), chat(4, "¿Cómo se hace un buen gazpacho?")];
const CNN_DAILYMAIL = [
  {
    id: "cnn_dailymail-1",
    task: "summarization",
    prompt: `${SUMMARIZE}The village of Oberau opened its new library on Monday, in the old fire station by the river.`,
    answerTokens: 14,
  },
  {
    id: "cnn_dailymail-2",
    task: "summarization",
    prompt: `${SUMMARIZE}A ferry service between the two islands will start again in May, the harbour office said.`,
    answerTokens: 9,
  },
];
const TRIVIA_QA = [
  question(1, "Which river flows through the city of Ulm?"),
  question(2, "How many strings has a usual violin?"),
];
const HUMANEVAL = [
  {
    id: "humaneval-1",
    task: "code",
    prompt:
      "Complete this Python function. Answer with the whole function and nothing else.\n\n" +
      '```python\ndef double(x: int) -> int:\n    """Gives twice the number."""\n```',
  },
];

describe("the sample", () => {
  const table: [file: string, format: DatasetFormat, leftOut: object, rows: object[]][] = [
    [
      "messages.jsonl",
      "messages",
      { noUser: 1 },
      [
        { id: "messages-1", prompt: "Why do cats purr at night?", system: "Be brief.", maxTokens: 64 },
        RIVERS,
        { id: "messages-3", prompt: "First part of a question.\nSecond part of it." },
        {
          id: "messages-4",
          prompt: "What is in this picture?",
          content: [
            { type: "text", text: "What is in this picture?" },
            { type: "image_url", image_url: { url: "https://example.com/a.png" } },
          ],
        },
      ],
    ],
    [
      "messages.parquet",
      "messages",
      {},
      [
        { id: "messages-1", prompt: "Why do cats purr at night?", system: "Be brief.", maxTokens: 64 },
        RIVERS,
        {
          id: "messages-3",
          prompt: "And what about tomorrow?",
          before: [
            { role: "user", content: "How is the weather in Ulm?" },
            {
              role: "assistant",
              tool_calls: [
                {
                  id: "c1",
                  type: "function",
                  function: { name: "weather", arguments: '{"place": "Ulm"}' },
                },
              ],
            },
            { role: "tool", content: "Rain, 8 degrees", tool_call_id: "c1" },
          ],
          body: {
            tools: [{ type: "function", function: { name: "weather", description: "Weather of a place" } }],
          },
        },
      ],
    ],
    [
      "requests.jsonl",
      "messages",
      {},
      [
        {
          id: "messages-1",
          prompt: "How is the weather in Ulm?",
          system: "Be brief.",
          maxTokens: 32,
          body: {
            tools: [{ type: "function", function: { name: "weather" } }],
            tool_choice: "auto",
            parallel_tool_calls: false,
          },
        },
        {
          id: "messages-2",
          prompt: "List two rivers as JSON.",
          body: { response_format: { type: "json_object" } },
        },
      ],
    ],
    [
      "sharegpt.parquet",
      "sharegpt",
      { oneTurn: 1 },
      [
        {
          id: "sharegpt-1",
          prompt: "Tell me about old lighthouses.",
          answerTokens: 6,
          system: "Be brief.",
        },
      ],
    ],
    ["arena.jsonl", "arena", {}, ARENA],
    ["arena.parquet", "arena", {}, ARENA],
    ["oasst1.jsonl", "oasst1", { reply: 2 }, OASST1],
    ["oasst1.parquet", "oasst1", { reply: 2 }, OASST1],
    ["cnn_dailymail.jsonl", "cnn_dailymail", {}, CNN_DAILYMAIL],
    ["cnn_dailymail.parquet", "cnn_dailymail", {}, CNN_DAILYMAIL],
    ["trivia_qa.jsonl", "trivia_qa", {}, TRIVIA_QA],
    ["trivia_qa.parquet", "trivia_qa", {}, TRIVIA_QA],
    ["humaneval.jsonl", "humaneval", {}, HUMANEVAL],
    ["humaneval.parquet", "humaneval", {}, HUMANEVAL],
    [
      "samples.json",
      "samples",
      { shortAnswer: 1 },
      [
        { id: "samples-1", prompt: "Explain how tides work, please.", answerTokens: 120 },
        { id: "samples-3", prompt: "List five kinds of bread.", answerTokens: 48 },
      ],
    ],
    [
      "questions.csv",
      "column",
      {},
      [
        { id: "column-1", prompt: "What is, in short, a fjord?" },
        { id: "column-2", prompt: 'Who wrote "The old man and the sea"?' },
      ],
    ],
    [
      "questions.tsv",
      "column",
      {},
      [
        { id: "column-1", prompt: "What is, in short, a fjord?" },
        { id: "column-2", prompt: 'Who wrote "The old man and the sea"?' },
        { id: "column-3", prompt: '"Moby Dick" is by which author?' },
      ],
    ],
    [
      "prompts.txt",
      "text",
      {},
      [
        { id: "text-1", prompt: "What makes bread rise so well?" },
        { id: "text-2", prompt: '{"this": "is a prompt too"} with braces' },
        { id: "text-3", prompt: "Why is the sky blue?" },
      ],
    ],
  ];
  it.each(table)("%s is recognised as %s", async (file, format, leftOut, rows) => {
    const forced = prepare(join(samples, file), format);
    expect(await forced).toEqual({ format, leftOut, rows });
    expect(await prepare(join(samples, file))).toEqual({ format, leftOut, rows });
  });

  it("exists for every format that has none elsewhere", () => {
    const elsewhere = ["rows"];
    expect(FORMAT_NAMES.toSorted()).toEqual(
      [...new Set([...table.map(([, format]) => format), ...elsewhere])].toSorted(),
    );
  });
});

describe("a file without a specific name", () => {
  const table: [sentence: string, text: string, format: DatasetFormat, prompt: string][] = [
    [
      "is CSV where its first line is a header with a prompt column",
      "n,prompt\n1,a b c d",
      "column",
      "a b c d",
    ],
    ["is text if it is nothing else", "a b, c d\ne f g h", "text", "a b, c d"],
    ["is JSON after blank lines and a mark", '\uFEFF\n\n[{"prompt":"a b c d"}]', "rows", "a b c d"],
    ["has rows if these only have a `task_id`", '{"task_id":1,"prompt":"a b c d"}', "rows", "a b c d"],
    ["may be an array of any layout", '[{"question":"a b c d","answer":"x"}]', "trivia_qa", "a b c d"],
    ["has questions, one a line", '{"question":"a b c d","human_answers":["x"]}', "column", "a b c d"],
    ["has texts, one a line", '{"text":"a b c d"}\n{"text":"e f g h"}', "column", "a b c d"],
    [
      "is TSV where its first line is a header with a prompt column",
      'id\tquestion\n1\ta "b" c, d',
      "column",
      'a "b" c, d',
    ],
    [
      "is ShareGPT although its first entries have no conversations",
      '[{"id":"a"},{"id":"b"},{"conversations":[{"from":"user","value":"a b c d"},{"from":"assistant","value":"a b c d"}]}]',
      "sharegpt",
      "a b c d",
    ],
    [
      "is lmsys-chat by `conversation`",
      '{"conversation":[{"role":"user","content":"a b c d"}]}',
      "arena",
      "a b c d",
    ],
  ];
  it.each(table)("%s", async (_, text, format, prompt) => {
    const result = await prepareText("dataset", text);
    expect(result.format).toBe(format);
    expect(result.rows[0].prompt).toBe(prompt);
  });
});

describe("a forced format", () => {
  it("takes JSON lines as text", async () => {
    const { rows } = await prepareText("a.jsonl", '{"prompt": "one two three"}', "text");
    expect(rows).toEqual([{ id: "text-1", prompt: '{"prompt": "one two three"}' }]);
  });

  it("takes a row for another layout that has its columns too", async () => {
    const { rows } = await prepareText(
      "a.jsonl",
      '{"article":"a","highlights":"b","prompt":"one two three four"}',
      "rows",
    );
    expect(rows).toEqual([{ id: "row-1", prompt: "one two three four" }]);
  });

  const wrong: [string, string, string, DatasetFormat, string][] = [
    [
      "has another layout",
      "a.jsonl",
      '{"prompt":"a"}',
      "messages",
      "row 1 is not in the format `messages`: expected",
    ],
    ["is never in such a file", "a.csv", "a,b", "messages", "is CSV, which the format `messages` never is"],
    [
      "is one of arrays only",
      "a.jsonl",
      '{"a":1}',
      "samples",
      "is JSON lines, which the format `samples` never is",
    ],
  ];
  it.each(wrong)("is refused if the file %s", async (_, name, text, format, message) => {
    const attempt = prepareText(name, text, format);
    await expect(attempt).rejects.toThrow(message);
    await expect(attempt).rejects.toBeInstanceOf(UserError);
  });
});

describe("for base models", () => {
  const table: [file: string, prompt: string][] = [
    ["oasst1.jsonl", "User: How do I prune an apple tree?\n\nAssistant:"],
    [
      "cnn_dailymail.parquet",
      "The village of Oberau opened its new library on Monday, in the old fire station by the river.\n\nTL;DR:",
    ],
    ["trivia_qa.parquet", "Question: Which river flows through the city of Ulm?\nAnswer:"],
    ["humaneval.jsonl", 'def double(x: int) -> int:\n    """Gives twice the number."""\n'],
    ["arena.parquet", "User: Tell me about old lighthouses.\n\nAssistant:"],
    ["prompts.txt", "What makes bread rise so well?"],
  ];
  it.each(table)("%s has texts to continue", async (file, prompt) => {
    await prepareDataset(join(samples, file), output, { ...limits, style: "plain" });
    const [line = ""] = readFileSync(output, "utf8").split("\n");
    expect(JSON.parse(line)).toMatchObject({ prompt });
  });
});
