// A sweep as a table: a row per point, for the terminal while it runs, for sweep.md and sweep.csv. Pure.
import { toSnake } from "../../../lib/core/key-names.ts";
import { formatNumber, formatNumberEnds, formatValue, type Unit, unitSign } from "../../../lib/core/units.ts";
import { renderCsvTable } from "../../outputs/table/csv-table.ts";
import { escapeMarkdown, renderMarkdownTable } from "../../outputs/table/markdown-table.ts";
import { type Cell, type Column, type Table, toHeading } from "../../outputs/table/table.ts";
import { toPlainLine } from "../../platform/plain-text.ts";
import { findCacheSpread } from "../../summary/cached-share.ts";
import { ESTIMATED_LEGEND, ESTIMATED_SIGN } from "../../summary/estimated.ts";
import { formatLoad } from "./find-outcome.ts";
import type { PointFigures, SweepFile, SweepPoint } from "./sweep-file.ts";
import type { SweepAxis } from "./sweep-goal.ts";

/** A column of the table that grows while the sweep runs: narrow, so it has short titles of its own. */
interface PointColumn {
  title: string;
  key: keyof PointFigures;
  unit: Unit;
  /** Only in sweeps over this axis. */
  axis?: SweepAxis;
}

const COLUMNS: readonly PointColumn[] = [
  { title: "sent", key: "achievedPerSecond", unit: "requests/s", axis: "rate" },
  { title: "done", key: "requestsPerSecond", unit: "requests/s" },
  { title: "TTFT p50", key: "ttftMedianMs", unit: "ms" },
  { title: "p95", key: "ttftP95Ms", unit: "ms" },
  { title: "TPOT p50", key: "tpotMedianMs", unit: "ms" },
  { title: "output", key: "outputTokensPerSecond", unit: "tokens/s" },
  { title: "per user", key: "tokensPerSecondPerUser", unit: "tokens/s" },
  { title: "goodput", key: "goodputShare", unit: "share" },
];

function columnsOf({ goal, slos }: SweepFile): PointColumn[] {
  return COLUMNS.filter(
    ({ axis, key }) =>
      (axis === undefined || axis === goal.axis) && (key !== "goodputShare" || slos.length > 0),
  );
}

/** "meets", "does not: …", "saturated: …", and whether the sample was too small. */
export function toVerdictText(
  { meets, uncertain, isSaturated, misses, partial, isCertified }: SweepPoint,
  mostReasons = Number.POSITIVE_INFINITY,
): string {
  const judged =
    meets === undefined
      ? isSaturated
        ? "saturated"
        : ""
      : meets
        ? "meets"
        : uncertain
          ? "uncertain"
          : "does not";
  const verdict = partial ? "partial" : judged;
  const reasons =
    misses.length > 0 ? `${verdict === "" ? "" : ": "}${misses.slice(0, mostReasons).join("; ")}` : "";
  const note = isCertified || partial ? "" : "p95 uncertified";
  return [`${verdict}${reasons}`, note].filter((part) => part !== "").join(" · ");
}

const CELL = 10;

/** Two lines: titles and their units. */
export function renderHeader(file: SweepFile): string {
  const columns = columnsOf(file);
  const load = file.goal.axis === "rate" ? ["rate", "requests/s"] : ["clients", ""];
  const line = (first: string, cells: string[]) =>
    [first.padStart(CELL), ...cells.map((cell) => cell.padStart(CELL))].join(" ");
  return [
    line(
      load[0] as string,
      columns.map(({ title }) => title),
    ),
    line(
      load[1] as string,
      columns.map(({ unit }) => unitSign(unit)),
    ),
  ].join("\n");
}

export function renderRow(file: SweepFile, point: SweepPoint): string {
  const cells = columnsOf(file).map(({ key, unit }) => {
    const ends = point.ends?.[key];
    const text = ends ? formatNumberEnds(ends, unit) : formatNumber(point.figures[key], unit);
    // The sign is where the next column begins: digits stay below digits.
    return `${text.padStart(CELL)}${isMarked(point, key) ? ESTIMATED_SIGN : " "}`;
  });
  const load = formatNumber(point.load, "ratio").padStart(CELL);
  const words = [toVerdictText(point, 1), ...toCacheDoubt(file, point)].filter((text) => text !== "");
  return `${load} ${cells.join("")} ${toPlainLine(words.join(" · "))}`.trimEnd();
}

function isMarked({ estimated, figures }: SweepPoint, key: keyof PointFigures): boolean {
  return figures[key] !== undefined && (estimated?.includes(key) ?? false);
}

/** What the sign behind a number means; nothing where no number has one. */
export function toSweepLegend({ points }: Pick<SweepFile, "points">): string[] {
  return points.some(({ estimated }) => estimated !== undefined) ? [ESTIMATED_LEGEND] : [];
}

/** Where more of the prompts came from the server's cache than at the first load, or less: TTFT is not that of the same work. */
function toCacheDoubt({ points }: SweepFile, { figures }: SweepPoint): string[] {
  const share = figures.cachedShare;
  const first = points.map((point) => point.figures.cachedShare).find((known) => known !== undefined);
  if (share === undefined || findCacheSpread([first, share]) === undefined) return [];
  return [`! ${formatValue(share, "share")} of the prompts cached, ${formatValue(first, "share")} at first`];
}

/** The points by their load. */
export function byLoad(points: readonly SweepPoint[]): SweepPoint[] {
  return [...points].sort((a, b) => a.load - b.load || a.number - b.number);
}

/** The same columns with verdicts and links to the runs, by load. */
export function toSweepTable(file: SweepFile): Table {
  const columns = columnsOf(file);
  return {
    columns: [
      { title: file.goal.axis === "rate" ? "Rate (requests/s)" : "Clients" },
      ...columns.map(({ title, unit }): Column => ({ title: toHeading(title, unit), align: "right", unit })),
      { title: "Verdict" },
      { title: "Run" },
    ],
    rows: byLoad(file.points).map((point): Cell[] => [
      formatNumber(point.load, "ratio"),
      ...columns.map(({ key, unit }) => {
        const ends = point.ends?.[key];
        if (!isMarked(point, key)) return ends ? formatNumberEnds(ends, unit) : point.figures[key];
        const text = ends ? formatNumberEnds(ends, unit) : formatNumber(point.figures[key], unit);
        return { text, mark: ESTIMATED_SIGN };
      }),
      [toVerdictText(point), ...toCacheDoubt(file, point)].filter((text) => text !== "").join(" · "),
      point.runs.map((text) => ({ text, href: `${text}/report.html` })),
    ]),
    notes: toSweepLegend(file),
  };
}

export function renderSweepMarkdown(file: SweepFile): string {
  const { outcome, goal, slos, requirements } = file;
  const goals = [...slos.map((slo) => `SLO \`${slo}\``), ...requirements.map((text) => `\`${text}\``)];
  const knee = file.points.find(({ number }) => number === outcome?.knee);
  return [
    `# Sweep ${escapeMarkdown(file.name)}`,
    "",
    escapeMarkdown(outcome?.sentence ?? "The sweep is not complete."),
    ...(knee === undefined
      ? []
      : ["", `Knee, the largest throughput per latency: ${formatLoad(knee.load, goal.axis)}.`]),
    ...(goals.length === 0 ? [] : ["", escapeMarkdown(`Goal: ${goals.join(", ")}.`)]),
    "",
    renderMarkdownTable(toSweepTable(file)),
    "",
  ].join("\n");
}

const CSV_FIGURES: readonly (keyof PointFigures)[] = [
  "offeredPerSecond",
  "achievedPerSecond",
  "requestsPerSecond",
  "outputTokensPerSecond",
  "tokensPerSecondPerUser",
  "ttftMedianMs",
  "ttftP95Ms",
  "ttftP95CertifiedMs",
  "tpotMedianMs",
  "tpotP95Ms",
  "e2eMeanMs",
  "e2eMedianMs",
  "e2eP95Ms",
  "successShare",
  "goodputShare",
  "goodputPerSecond",
  "cachedShare",
];

/** The figures that may be known only as ranges: then their ends are in columns of their own. */
const CSV_RANGED: readonly (keyof PointFigures)[] = [
  "ttftMedianMs",
  "ttftP95Ms",
  "tpotMedianMs",
  "tpotP95Ms",
  "tokensPerSecondPerUser",
  "goodputShare",
];

/** A row per point, by load. */
export function renderSweepCsv(file: SweepFile): string {
  const columns: readonly [title: string, cell: (point: SweepPoint) => Cell][] = [
    ["sweep", () => file.name],
    ["axis", () => file.goal.axis],
    ["point", ({ number }) => number],
    ["load", ({ load }) => load],
    ["requests", ({ requests }) => requests],
    ["complete", ({ complete }) => complete],
    ["certified", ({ isCertified }) => isCertified],
    ["saturated", ({ isSaturated }) => isSaturated],
    ["meets", ({ meets }) => meets],
    ...CSV_FIGURES.map((key): [string, (point: SweepPoint) => Cell] => [
      toSnake(key),
      ({ figures }) => figures[key],
    ]),
    ["uncertain", ({ uncertain }) => uncertain],
    ...CSV_RANGED.flatMap((key): [string, (point: SweepPoint) => Cell][] => [
      [`${toSnake(key)}_lower`, ({ ends }) => ends?.[key]?.lower],
      [`${toSnake(key)}_upper`, ({ ends }) => ends?.[key]?.upper],
    ]),
    ["estimated", ({ estimated = [] }) => estimated.map(toSnake).join(" ")],
    ["misses", ({ misses }) => misses.join("; ")],
    ["folder", ({ folder }) => folder],
  ];
  return renderCsvTable({
    columns: columns.map(([title]) => ({ title })),
    rows: byLoad(file.points).map((point) => columns.map(([, cell]) => cell(point))),
  });
}
