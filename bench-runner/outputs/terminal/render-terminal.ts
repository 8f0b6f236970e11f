// A summary for the terminal: headline first, aligned within the given width, warnings with their remedy last.

import stringWidth from "string-width";
import { toPlainLine } from "../../platform/plain-text.ts";
import { type Paint, type Style, type TerminalLook, toPaint } from "../../platform/terminal-look.ts";
import { padToWidth, wrapToWidth } from "../../platform/terminal-text.ts";
import type { Gate } from "../../summary/judge/gates.ts";
import type { Summary } from "../../summary/summary.ts";
import type { Headline } from "../rows/headline.ts";
import { renderHistogram } from "../rows/histogram-rows.ts";
import { type SummaryRows, toSummaryRows } from "../rows/summary-rows.ts";
import { renderGroups, renderSteady, renderTrends } from "./summary-tables.ts";

/** A chart across a wide screen would not be clearer. */
const WIDEST_CHART = 100;
const WIDE = 100;
/** Lines of a server's message: the rest is in the journal. */
const ERROR_LINES = 3;

/** @returns the text, with a line end */
export function renderTerminal(summary: Summary, look: TerminalLook): string {
  const { width, unicode } = look;
  const paint = toPaint(look);
  const rows = toSummaryRows(summary);
  const chart = rows.histogram;
  const pairs = [...rows.results, ...rows.server, ...rows.trust];
  // If they fit, all values begin in one column.
  const left = width < WIDE ? 0 : Math.max(...pairs.map(([label]) => stringWidth(label)));
  const blocks = [
    [
      ...wrapToWidth(toPlainLine(rows.title), width).map((line) => paint("bold", line)),
      ...renderHeadline(rows.headline, width, paint),
    ],
    alignPairs(rows.results, width, left),
    paintFirst(
      chart ? renderHistogram(chart.name, chart, { width: Math.min(width, WIDEST_CHART), unicode }) : [],
      paint,
    ),
    renderTrends(rows.trends, { width, paint }),
    rows.hasMarks ? wrapToWidth("* too few requests to certify this percentile", width) : [],
    renderSteady(rows.steady ?? [], width),
    ...rows.groups.map((table) => renderGroups(table, { width, paint })),
    rows.groups.length > 0 ? wrapToWidth(rows.groupLegend, width) : [],
    alignPairs(rows.server, width, left),
    rows.errors.flatMap((error) => renderError(error, width, paint)),
    alignPairs(rows.trust, width, left),
    rows.gates.flatMap((gate) => renderGate(gate, width, paint)),
    rows.warnings.flatMap(({ text, remedy }) => [
      ...indent(text, "! ", width).map((line) => paint("yellow", line)),
      ...indent(`→ ${remedy}`, "  ", width),
    ]),
  ];
  return `${blocks
    .filter((block) => block.length > 0)
    .map((block) => block.join("\n"))
    .join("\n\n")}\n`;
}

function paintFirst(lines: string[], paint: Paint): string[] {
  return lines.map((line, index) => (index === 0 ? paint("bold", line) : line));
}

/** The figures, the remarks, then the verdicts; a figure is never split. */
function renderHeadline(headline: Headline, width: number, paint: Paint): string[] {
  const { figures, remarks, verdicts, warnings } = headline;
  const styles: Partial<Record<Headline["verdicts"][number]["kind"], Style>> = {
    good: "green",
    bad: "red",
    warning: "yellow",
  };
  return [
    ...joinParts(figures, width),
    ...remarks.flatMap((text) => wrapToWidth(text, width).map((line) => paint("yellow", line))),
    ...verdicts.flatMap(({ kind, text }) => {
      const style = styles[kind];
      const lines = indent(text.slice(2), text.slice(0, 2), width);
      return style === undefined ? lines : lines.map((line) => paint(style, line));
    }),
    ...(warnings === undefined ? [] : [paint("yellow", `! ${warnings}, at the end`)]),
  ];
}

/** "a · b · c" in lines of at most `width`. */
function joinParts(parts: string[], width: number): string[] {
  const lines: string[] = [];
  for (const part of parts) {
    const last = lines.at(-1);
    if (last !== undefined && stringWidth(last) + 3 + stringWidth(part) <= width) {
      lines[lines.length - 1] = `${last} · ${part}`;
    } else lines.push(...wrapToWidth(part, width));
  }
  return lines;
}

/** Labels to the left, values to the right of them; a value that does not fit continues on the next line. */
function alignPairs(pairs: [string, string][], width: number, least: number): string[] {
  const left = Math.max(least, ...pairs.map(([label]) => stringWidth(label)));
  return pairs.flatMap(([label, value]) =>
    wrapToWidth(toPlainLine(value), width - left - 2).map(
      (text, index) => `${padToWidth(index === 0 ? label : "", left)}  ${text}`,
    ),
  );
}

function renderError([what, example]: SummaryRows["errors"][number], width: number, paint: Paint): string[] {
  const name = toPlainLine(what);
  const all = indent(example ? `${name}: ${toPlainLine(example)}` : name, "", width, "  ");
  const lines = all.slice(0, ERROR_LINES);
  if (all.length > lines.length) lines[ERROR_LINES - 1] = `${lines[ERROR_LINES - 1]?.slice(0, width - 2)}…`;
  return lines.map((line) => (line.startsWith(name) ? paint("red", name) + line.slice(name.length) : line));
}

function renderGate({ text, ok, uncertain, found }: Gate, width: number, paint: Paint): string[] {
  const sign = ok ? "✓ passed" : uncertain ? "? UNCERTAIN" : "✗ FAILED";
  const whole = found === undefined ? text : `${text} (${found})`;
  return indent(whole, `${sign}  `, width).map((line) =>
    line.startsWith(sign)
      ? paint(ok ? "green" : uncertain ? "yellow" : "red", sign) + line.slice(sign.length)
      : line,
  );
}

/** `first` before the first line, spaces of the same width (or `rest`) before the others. */
function indent(text: string, first: string, width: number, rest = " ".repeat(first.length)): string[] {
  const room = width - Math.max(first.length, rest.length);
  return wrapToWidth(toPlainLine(text), room).map((line, index) => (index === 0 ? first : rest) + line);
}
