import { describe, expect, test } from "vitest";
import { exampleGroups, exampleSummary } from "../../../test/unit-support/examples/example-summary.ts";
import type { Group, Prompts, Summary } from "../../summary/summary.ts";
import { renderMarkdown } from "../render-markdown.ts";
import { type GroupTable, toGroupTables } from "../rows/group-rows.ts";
import { renderTerminal } from "./render-terminal.ts";
import { renderGroups } from "./summary-tables.ts";

const summary = exampleSummary(exampleGroups());
const [byTask, byTurn] = toGroupTables(summary) as [GroupTable, GroupTable];
const withTasks = (groups: Group[]): Summary => exampleSummary({ groups: { task: groups } });
const chat = summary.groups?.task?.[0] as Group;

describe("tables of groups", () => {
  test("show each group's requests, shares, times and tokens", () => {
    expect(renderGroups(byTask, { width: 120 })).toEqual([
      "By task        requests  ok %  TTFT p50  TTFT p95  TPOT p50  E2E p50  E2E p95   in    out  cached %  cut %",
      "chat                 50    96     80.00     240.0     12.50    1,250    4,000  100  50.25        25     25",
      "summarization        50    96     400.0     1,200     12.50    1,250    4,000  100  50.25        25     25",
    ]);
  });

  test("turns show the cached share, also on a narrow terminal", () => {
    expect(renderGroups(byTurn, { width: 60 })).toEqual([
      "By turn  requests  ok %  TTFT p50  TPOT p50  cached %",
      "1              50    96     150.0     12.50         0",
      "2              50    96     60.00     12.50        25",
    ]);
  });

  test.each([60, 72, 80, 100, 120, 160, 200])("are aligned in %i columns", (width) => {
    for (const table of [byTask, byTurn]) {
      const lines = renderGroups(table, { width });
      expect(new Set(lines.map((line) => line.length)).size).toBe(1);
      expect(lines[0]?.length).toBeLessThanOrEqual(width);
    }
  });

  test("mark figures whose tokens are counted by events, and say what the mark is", () => {
    const tokens = { ...chat.tokens, estimatedRequests: 2 };
    const estimated = withTasks([
      { ...chat, tokens },
      { ...chat, name: "exact" },
    ]);
    const [table] = toGroupTables(estimated) as [GroupTable];
    const [heading, marked, exact] = renderGroups(table, { width: 120 });
    expect(heading).toMatch(/TPOT p50/);
    expect(marked).toMatch(/^chat .* 12\.50~ .* 50\.25~ /);
    expect(exact).not.toContain("~");
    for (const text of [
      renderTerminal(estimated, { width: 200, colour: false, unicode: true }),
      renderMarkdown(estimated),
    ]) {
      expect(text).toContain("~ estimated: without usage, tokens are counted by events");
    }
    expect(renderMarkdown(estimated)).toContain("| 12.50~ |");
  });

  test("a figure that no group has gets no column; a missing one is an empty cell", () => {
    const { ttft: _, ...metrics } = chat.metrics;
    const tokens = { prompt: 100, estimatedRequests: 0 };
    const table = toGroupTables(
      withTasks([
        { ...chat, tokens },
        { ...chat, name: "b", tokens, metrics },
      ]),
    )[0];
    const titles = table?.columns.map(({ title }) => title) ?? [];
    expect(titles).not.toContain("cached %");
    expect(table?.rows.map((cells) => cells[titles.indexOf("TTFT p50")])).toEqual([80, undefined]);
  });

  test("names are on one line and limited in length, and wide characters keep the columns aligned", () => {
    const names = ["日本 😀", "a\nb\u001b[31m", "x".repeat(500), "é\u0301"];
    const table = toGroupTables(withTasks(names.map((name) => ({ ...chat, name }))))[0] as GroupTable;
    expect(table.rows.map(([name]) => name)).toEqual(["日本 😀", "a b", `${"x".repeat(23)}…`, "é\u0301"]);
    // 日, 本 and the emoji are two columns wide; the second accent has no width.
    expect(renderGroups(table, { width: 100 }).slice(1)).toEqual([
      expect.stringMatching(/^日本 😀 {17} {8}50 {4}96 {2}/),
      expect.stringMatching(/^a b {21} {8}50 {4}96 {2}/),
      expect.stringMatching(/^x{23}… {8}50 {4}96 {2}/),
      expect.stringMatching(/^é\u0301 {23} {8}50 {4}96 {2}/),
    ]);
  });

  test("a terminal shows 20 groups and the number of the others", () => {
    const turns = Array.from({ length: 51 }, (_, index) => ({ ...chat, name: `${index + 1}` }));
    const [table] = toGroupTables(exampleSummary({ groups: { turn: turns } }));
    const lines = renderGroups(table as GroupTable, { width: 100 });
    expect(lines).toHaveLength(22);
    expect(lines.at(-1)).toBe("… and 31 more, see summary.md");
  });
});

describe("a summary with groups", () => {
  test.each([60, 80, 120, 200])("has its tables within a terminal of %i columns", (width) => {
    const lines = renderTerminal(summary, { width, colour: false, unicode: true }).split("\n");
    const tables = lines.filter((line) => /^(By t|chat|summarization|1 |2 |times in ms)/.test(line));
    expect(tables).toHaveLength(7);
    expect(Math.max(...tables.map((line) => line.length))).toBeLessThanOrEqual(width);
  });

  test("has one line each for the conversations, the prompts, and the cache", () => {
    const text = renderTerminal(summary, { width: 200, colour: false, unicode: true });
    expect(text).toMatch(
      /^Conversations +50 started: 46 completed, 2 failed \(3 turns never sent\), 2 interrupted by the end of the run; 1\.96 turns each on average$/m,
    );
    expect(text).toMatch(
      /^Prompts +40 conversations from own\.jsonl, tokens counted by the server's \/tokenize; REPEATED: more were sent than exist$/m,
    );
    expect(text).toMatch(/^From the server's cache +9\.091 % of the prompt tokens \(600 of 6,600\)$/m);
  });

  test("shows how exact synthetic prompts are, and that words were counted", () => {
    const prompts: Prompts = {
      source: "synthetic",
      rows: 300,
      countedBy: "words",
      counter: "whitespace words",
      whenOut: "end",
      longestAnswer: 64,
      repeated: false,
      synthetic: { checked: 20, exact: 18, worstOff: -2 },
    };
    const text = renderTerminal(exampleSummary({ prompts }), { width: 140, colour: false, unicode: true });
    expect(text).toMatch(/^Prompts +300 synthetic, counted in whitespace words$/m);
    expect(text).toMatch(
      /^Synthetic prompts +18 of 20 that were recounted have exactly the requested length, the others are at most 2 tokens off$/m,
    );
  });

  test("is equally complete in Markdown", () => {
    const text = renderMarkdown(summary);
    expect(text).toContain("## By task\n\n|  | requests | ok % | TTFT p50 |");
    expect(text).toContain(
      "| summarization | 50 | 96 | 400.0 | 1,200 | 12.50 | 1,250 | 4,000 | 100 | 50.25 | 25 | 25 |",
    );
    expect(text).toContain("## By turn");
    expect(text).toContain("| From the server's cache | 9.091 % of the prompt tokens (600 of 6,600) |");
    expect(renderMarkdown(exampleSummary())).not.toMatch(/By task|By turn|Conversations/);
  });
});
