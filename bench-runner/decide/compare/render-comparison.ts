// A comparison for the terminal: sides, table, requirements, notes, within the given width.
import stringWidth from "string-width";
import { renderTerminalTable } from "../../outputs/table/terminal-table.ts";
import { toPlainLine } from "../../platform/plain-text.ts";
import { type TerminalLook, toPaint } from "../../platform/terminal-look.ts";
import { cutToWidth, padToWidth, wrapToWidth } from "../../platform/terminal-text.ts";
import { type ComparisonRows, toComparisonRows, toComparisonTable } from "./comparison-rows.ts";
import type { Comparison } from "./comparison-types.ts";

const SIGNS = {
  held: ["green", "✓ held"],
  failed: ["red", "✗ FAILED"],
  uncertain: ["yellow", "? UNCERTAIN"],
  "cannot tell": ["yellow", "? cannot tell"],
} as const;

/** @returns the text, with a line end */
export function renderComparison(comparison: Comparison, look: TerminalLook): string {
  const { width } = look;
  const paint = toPaint(look);
  const rows = toComparisonRows(comparison);
  const isSeveral = rows.pairs.length > 1;
  const longest = Math.max(...rows.sides.map(([name]) => stringWidth(name)));
  const blocks = [
    wrapToWidth(toPlainLine(rows.title), width).map((line) => paint("bold", line)),
    rows.sides.map(([name, text]) => cutToWidth(`${padToWidth(name, longest)}  ${toPlainLine(text)}`, width)),
    ...toTables(rows, comparison.confidence, look),
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

/** One table with a group of columns for each NEW if there is room; otherwise a table each. */
function toTables(rows: ComparisonRows, confidence: number, look: TerminalLook): string[][] {
  const { width } = look;
  const paint = toPaint(look);
  const { pairs } = rows;
  const isTooWide = (line: string) => stringWidth(line) > width;
  const all = toComparisonTable(rows, confidence);
  const tables =
    pairs.length > 1 && renderTerminalTable(all).lines.some(isTooWide)
      ? pairs.map((pair) => toComparisonTable(rows, confidence, [pair]))
      : [all];
  return tables.map((table) => renderTerminalTable(table, { width, paint }).lines);
}

function hang(text: string, first: string, width: number, toFirst: (sign: string) => string): string[] {
  return wrapToWidth(text, width - first.length).map(
    (line, index) => (index === 0 ? toFirst(first) : " ".repeat(first.length)) + line,
  );
}
