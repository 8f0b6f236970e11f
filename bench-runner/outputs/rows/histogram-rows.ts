// A histogram as columns of block characters above an axis with the bins' edges; in ASCII where the locale is not UTF-8.
import stringWidth from "string-width";
import { formatNumber } from "../../../lib/core/units.ts";

import type { Histogram } from "../../statistics/histogram-bins.ts";
import { hasRange } from "../../summary/show-figure.ts";
import type { Summary } from "../../summary/summary.ts";

/** The height of the columns; title, axis and labels make it seven lines. */
const ROWS = 4;
/** Wider bins would show nothing more. */
const WIDEST_BAR = 4;

const UNICODE = { levels: " ▁▂▃▄▅▆▇█", side: "│", corner: "└", line: "─", tick: "┴" };
const ASCII = { levels: " .#", side: "|", corner: "+", line: "-", tick: "+" };

export interface NamedHistogram extends Histogram {
  /** The name of the values. */
  name: string;
}

/** The histogram of TTFT, or of E2E if no request has a TTFT; undefined without values. */
export function toNamedHistogram(summary: Summary): NamedHistogram | undefined {
  const { histograms } = summary;
  const isRange = hasRange("ttft.p99", summary) || hasRange("ttft.mean", summary);
  if (histograms?.ttft) return { ...histograms.ttft, name: isRange ? "TTFT (upper ends)" : "TTFT" };
  return histograms?.e2e && { ...histograms.e2e, name: "E2E" };
}

/**
 * @param name the name of the values, such as "TTFT"
 * @param width columns of the terminal
 * @returns the title, then the chart; nothing if it does not fit
 */
export function renderHistogram(
  name: string,
  { bins }: Histogram,
  { width, unicode }: { width: number; unicode: boolean },
): string[] {
  const signs = unicode ? UNICODE : ASCII;
  const counts = bins.map(([, , count]) => count);
  const highest = Math.max(...counts);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const top = formatNumber(highest, "count");
  const left = top.length;
  const bar = Math.min(WIDEST_BAR, Math.floor((width - left - 3) / bins.length));
  if (bar < 1) return [];
  const { marks, labels } = toAxis(bins, bar, width - left - 2);
  const lines = toColumns(counts, highest, signs.levels).map((line, row) => {
    const label = row === 0 ? top : "";
    const text = [...line].map((sign) => sign.repeat(bar)).join("");
    return `${label.padStart(left)} ${signs.side}${text}`.trimEnd();
  });
  const axis = Array.from({ length: bins.length * bar + 1 }, (_, column) =>
    marks.has(column) ? signs.tick : signs.line,
  );
  const plural = total === 1 ? "request" : "requests";
  const all = [
    `${name} of ${formatNumber(total, "count")} ${plural} (ms)`,
    ...lines,
    `${"0".padStart(left)} ${signs.corner}${axis.slice(1).join("")}`,
    `${" ".repeat(left + 1)}${labels}`,
  ];
  return all.every((line) => stringWidth(line) <= width) ? all : [];
}

/** The lines from top to bottom, one character per bin; a single value is visible. */
function toColumns(counts: number[], highest: number, levels: string): string[] {
  const steps = levels.length - 1;
  const heights = counts.map((count) =>
    count === 0 ? 0 : Math.max(1, Math.round((count / highest) * ROWS * steps)),
  );
  return Array.from({ length: ROWS }, (_, row) =>
    heights.map((height) => levels[Math.min(steps, Math.max(0, height - (ROWS - 1 - row) * steps))]).join(""),
  );
}

/** The labels of the first and the last edge, and as many between them as fit: their positions, and their line of at most `room`. */
function toAxis(bins: Histogram["bins"], bar: number, room: number): { marks: Set<number>; labels: string } {
  const edges = [...bins.map(([from]) => from), (bins.at(-1) as [number, number, number])[1]];
  const texts = edges.map((edge) => formatNumber(edge, "ms"));
  const [first = "", last = ""] = [texts[0], texts.at(-1)];
  if (edges[0] === edges.at(-1)) return { marks: new Set(), labels: first };
  const end = bins.length * bar;
  const lastAt = Math.max(Math.min(end, room - last.length), first.length + 2);
  const marks = new Set([0, end]);
  let labels = first;
  const longest = Math.max(...texts.map(({ length }) => length));
  const step = Math.ceil((longest + 2) / bar);
  for (let index = step; index < bins.length; index += step) {
    const text = texts[index] as string;
    const at = index * bar;
    if (at + text.length + 2 > lastAt) break;
    labels = labels.padEnd(at) + text;
    marks.add(at);
  }
  return { marks, labels: labels.padEnd(lastAt) + last };
}
