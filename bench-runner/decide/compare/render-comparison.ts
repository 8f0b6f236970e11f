// A comparison for the terminal: sides, table, requirements, notes, within the given width.
import stringWidth from "string-width";
import { alignColumns } from "../../../lib/core/goals/console-summary.ts";
import { type Paint, type Style, type TerminalLook, toPaint } from "../../platform/terminal-look.ts";
import { cutToWidth, padToWidth, toPlainLine, wrapToWidth } from "../../platform/terminal-text.ts";
import type { ChangeVerdict, Comparison } from "./comparison.ts";
import { type ComparisonRows, type PairRows, toComparisonRows } from "./comparison-rows.ts";

const VERDICT_STYLES: { readonly [V in ChangeVerdict]?: Style } = {
  worse: "red",
  better: "green",
  changed: "yellow",
};
const SIGNS = {
  held: ["green", "✓ held"],
  failed: ["red", "✗ FAILED"],
  "cannot tell": ["yellow", "? cannot tell"],
} as const;

/** @returns the text, with a line end */
export function renderComparison(comparison: Comparison, look: TerminalLook): string {
  const { width } = look;
  const paint = toPaint(look);
  const rows = toComparisonRows(comparison);
  const isSeveral = rows.pairs.length > 1;
  const longest = Math.max(...rows.sides.map(([name]) => stringWidth(name)));
  const percent = `${Math.round(comparison.confidence * 1000) / 10} %`;
  const blocks = [
    wrapToWidth(toPlainLine(rows.title), width).map((line) => paint("bold", line)),
    rows.sides.map(([name, text]) => cutToWidth(`${padToWidth(name, longest)}  ${toPlainLine(text)}`, width)),
    ...toTables(rows, width, percent, paint),
    ...rows.pairs.flatMap((pair) => {
      const name = isSeveral ? `${pair.name}: ` : "";
      return [
        wrapToWidth(`${name}${pair.headline}`, width).map((line) => paint("bold", line)),
        pair.requirements.flatMap(({ result, text }) => {
          const [style, sign] = SIGNS[result];
          return hang(toPlainLine(text), `${sign}  `, width, (first) => paint(style, first));
        }),
        pair.differences.flatMap((text) =>
          hang(toPlainLine(text), "! ", width, (first) => paint("yellow", first)),
        ),
      ];
    }),
    rows.notes.flatMap((text) => hang(toPlainLine(text), "· ", width, (first) => first)),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n")}\n`;
}

/** One table with a group of columns for each NEW where they have room; else a table each. */
function toTables(rows: ComparisonRows, width: number, percent: string, paint: Paint): string[][] {
  const all = toTable(rows, rows.pairs, percent);
  const isWide = all.some(({ line }) => stringWidth(line) > width);
  const tables =
    isWide && rows.pairs.length > 1 ? rows.pairs.map((pair) => toTable(rows, [pair], percent)) : [all];
  return tables.map((lines) =>
    lines.map(({ line, verdicts }, index) => {
      const cut = cutToWidth(line, width);
      return index === 0 ? paint("bold", cut) : paintVerdicts(cut, verdicts, paint);
    }),
  );
}

function toTable(rows: ComparisonRows, pairs: readonly PairRows[], percent: string) {
  const header = ["", "BASE", ...pairs.flatMap(({ name }) => [name, "change", `${percent} interval`, ""])];
  const body = rows.metrics.map(({ label, base }, at) => [
    label,
    base,
    ...pairs.flatMap(({ cells }) => {
      const { next = "", change = "", interval = "", verdict = "" } = cells[at] ?? {};
      return [next, change, interval, verdict];
    }),
  ]);
  // Words begin where their column begins.
  const isWords = (column: number) => column > 1 && (column - 2) % 4 === 3;
  const widths = header.map((_, column) =>
    Math.max(...[header, ...body].map((cells) => stringWidth(cells[column] ?? ""))),
  );
  const padded = [header, ...body].map((cells) =>
    cells.map((cell, column) => (isWords(column) ? padToWidth(cell, widths[column] ?? 0) : cell)),
  );
  return alignColumns(padded).map((line, at) => ({
    line: line.trimEnd(),
    verdicts: pairs.map(({ cells }) => cells[at - 1]?.verdict),
  }));
}

/** The verdict's word stands once in its line for each pair, in their order. */
function paintVerdicts(line: string, verdicts: (ChangeVerdict | undefined)[], paint: Paint): string {
  let [painted, rest] = ["", line];
  for (const verdict of verdicts) {
    const style = verdict && VERDICT_STYLES[verdict];
    const at = verdict === undefined ? -1 : rest.indexOf(verdict);
    if (verdict === undefined || at < 0) continue;
    const word = style === undefined ? verdict : paint(style, verdict);
    painted += rest.slice(0, at) + word;
    rest = rest.slice(at + verdict.length);
  }
  return painted + rest;
}

function hang(text: string, first: string, width: number, toFirst: (sign: string) => string): string[] {
  return wrapToWidth(text, width - first.length).map(
    (line, index) => (index === 0 ? toFirst(first) : " ".repeat(first.length)) + line,
  );
}
