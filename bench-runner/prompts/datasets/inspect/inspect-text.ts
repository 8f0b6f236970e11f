// What `datasets inspect` found → text for a terminal. Pure.
import { formatNumber } from "../../../../lib/core/units.ts";
import { describeTooLong } from "../../choose-prompts.ts";
import { describeLeftOut } from "../layout.ts";
import { type CountedLengths, type InspectReport, toOneLine } from "./inspect-dataset.ts";
import type { Bin, LengthSummary } from "./inspect-lengths.ts";

const BAR_WIDTH = 40;
const MOST_TASKS = 12;

const count = (value: number) => formatNumber(value, "count");

const toRange = ({ from, to }: Bin) => (from === to ? count(from) : `${count(from)}–${count(to)}`);

/** "    4–7  ████████  123", a line for each bin; the longest bar is 40 wide, and none with a row is empty. */
function toHistogram(bins: readonly Bin[]): string[] {
  const most = Math.max(...bins.map((bin) => bin.count));
  const width = Math.max(...bins.map((bin) => toRange(bin).length));
  return bins.map((bin) => {
    const bar = "█".repeat(Math.ceil((BAR_WIDTH * bin.count) / most));
    return `  ${toRange(bin).padStart(width)}  ${bar}${bar === "" ? "" : " "}${count(bin.count)}`;
  });
}

function toLengthLines(title: string, { statistics, histogram }: LengthSummary): string[] {
  const { min, median, mean, p90, p99, max } = statistics;
  const shown = { min, median, mean, p90, p99, max };
  const values = Object.entries(shown).map(([name, value]) => `${name} ${formatNumber(value, "tokens")}`);
  return ["", title, `  ${values.join(" · ")}`, ...toHistogram(histogram)];
}

function toTokenLines(what: string, lengths: CountedLengths | undefined): string[] {
  if (lengths === undefined) return [];
  const { countedBy, statistics } = lengths;
  return toLengthLines(`Tokens of ${what} (${count(statistics.count)}, counted by ${countedBy})`, lengths);
}

/** The most frequent first. */
function toTaskLine(tasks: InspectReport["tasks"]): string[] {
  const all = Object.entries(tasks).sort(([, a], [, b]) => b - a);
  if (all.length === 0 || (all.length === 1 && all[0]?.[0] === "")) return [];
  const names = all
    .slice(0, MOST_TASKS)
    .map(([task, rows]) => `${task === "" ? "(none)" : toOneLine(task, 40)} ${count(rows)}`);
  const more = all.length - names.length;
  return [`Tasks: ${names.join(", ")}${more > 0 ? `, and ${count(more)} more` : ""}`];
}

function toUseLine({ rows, used, leftOut, tooLong, countedBy, limits }: InspectReport): string {
  const left = [describeLeftOut(leftOut, limits), describeTooLong(tooLong, limits)];
  const others = used === rows ? "" : `; of the others ${left.filter((text) => text !== "").join(", ")}`;
  return `A run that counts by ${countedBy} takes ${count(used)} of them${others}`;
}

function toRepeatLine({ rows, example }: InspectReport["repeats"]): string {
  if (example === undefined) return "Repeated prompts: none";
  return `Repeated prompts: ${count(rows)}, for instance row ${example.row} has that of row ${example.ofRow}: ${example.prompt}`;
}

export function toInspectText(report: InspectReport): string {
  const { path, format, rows, isPartial, turns, longest, examples, withPrompt } = report;
  const hasMore = turns !== undefined && turns.statistics.max > 1;
  const first = hasMore ? "first " : "";
  return [
    `${path}: format \`${format}\`, ${count(rows)} rows${isPartial ? ", then the file is cut off" : ""}`,
    toUseLine(report),
    ...(withPrompt === rows
      ? []
      : [`Counted below: ${count(withPrompt)} rows, of any length from 4 words up`]),
    ...toTaskLine(report.tasks),
    toRepeatLine(report.repeats),
    ...(hasMore ? toLengthLines("Turns of a conversation", turns) : []),
    ...toTokenLines(`${first}prompts`, report.promptTokens),
    ...toTokenLines(`${first}answers`, report.answerTokens),
    ...toTokenLines("answers of which only the length is known", report.notedAnswerTokens),
    ...(longest === undefined
      ? []
      : [
          "",
          `Longest prompt: row ${longest.row}, ${formatNumber(longest.promptTokens, "tokens")} tokens: ${longest.prompt}`,
        ]),
    ...(examples.length === 0 ? [] : ["", "Examples"]),
    ...examples.map(
      ({ row, task, prompt }) =>
        `  row ${row}${task === undefined ? "" : ` (${toOneLine(task, 40)})`}: ${prompt}`,
    ),
  ].join("\n");
}
