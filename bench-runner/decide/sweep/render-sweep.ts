// A sweep as a table: a row a point, for the terminal while it runs, for sweep.md and sweep.csv. Pure.
import { stringify } from "csv-stringify/sync";
import { toSnake } from "../../../lib/core/key-names.ts";
import { formatNumber, toDigits, type Unit, unitSign } from "../../../lib/core/units.ts";
import { toMarkdownTable } from "../../outputs/render-markdown.ts";
import { formatLoad } from "./find-outcome.ts";
import type { PointFigures, SweepFile, SweepPoint } from "./sweep-file.ts";
import type { SweepAxis } from "./sweep-goal.ts";

interface Column {
  title: string;
  key: keyof PointFigures;
  unit: Unit;
  /** Only of sweeps over this. */
  axis?: SweepAxis;
}

const COLUMNS: readonly Column[] = [
  { title: "sent", key: "achievedPerSecond", unit: "requests/s", axis: "rate" },
  { title: "done", key: "requestsPerSecond", unit: "requests/s" },
  { title: "TTFT p50", key: "ttftMedianMs", unit: "ms" },
  { title: "p95", key: "ttftP95Ms", unit: "ms" },
  { title: "TPOT p50", key: "tpotMedianMs", unit: "ms" },
  { title: "output", key: "outputTokensPerSecond", unit: "tokens/s" },
  { title: "per user", key: "tokensPerSecondPerUser", unit: "tokens/s" },
  { title: "goodput", key: "goodputShare", unit: "share" },
];

function columnsOf({ goal, slos }: SweepFile): Column[] {
  return COLUMNS.filter(
    ({ axis, key }) =>
      (axis === undefined || axis === goal.axis) && (key !== "goodputShare" || slos.length > 0),
  );
}

/** "meets", "does not: …", "saturated: …", and whether the sample was too small. */
export function toVerdictText(
  { meets, isSaturated, misses, partial, isCertified }: SweepPoint,
  mostReasons = Number.POSITIVE_INFINITY,
): string {
  const judged = meets === undefined ? (isSaturated ? "saturated" : "") : meets ? "meets" : "does not";
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
  const cells = columnsOf(file).map(({ key, unit }) => formatNumber(point.figures[key], unit).padStart(CELL));
  const load = formatNumber(point.load, "ratio").padStart(CELL);
  return `${[load, ...cells].join(" ")}  ${toVerdictText(point, 1)}`.trimEnd();
}

/** The points by their load. */
export function byLoad(points: readonly SweepPoint[]): SweepPoint[] {
  return [...points].sort((a, b) => a.load - b.load || a.number - b.number);
}

/** The same table with the verdicts, by load. */
export function toTableCells(file: SweepFile): {
  header: string[];
  rows: { point: SweepPoint; cells: string[] }[];
} {
  const columns = columnsOf(file);
  const header = [
    file.goal.axis === "rate" ? "Rate (requests/s)" : "Clients",
    ...columns.map(({ title, unit }) => (unitSign(unit) === "" ? title : `${title} (${unitSign(unit)})`)),
    "Verdict",
  ];
  const toCells = (point: SweepPoint) => [
    formatNumber(point.load, "ratio"),
    ...columns.map(({ key, unit }) => formatNumber(point.figures[key], unit)),
    toVerdictText(point),
  ];
  return { header, rows: byLoad(file.points).map((point) => ({ point, cells: toCells(point) })) };
}

export function renderSweepMarkdown(file: SweepFile): string {
  const { outcome, goal, slos, requirements } = file;
  const { header, rows } = toTableCells(file);
  const toLinks = ({ runs }: SweepPoint) => runs.map((run) => `[${run}](${run}/report.html)`).join(" ");
  const withLinks = rows.map(({ point, cells }) => [
    ...cells.map((cell) => cell.replace(/\|/g, "\\|")),
    toLinks(point),
  ]);
  const goals = [...slos.map((slo) => `SLO \`${slo}\``), ...requirements.map((text) => `\`${text}\``)];
  const knee = file.points.find(({ number }) => number === outcome?.knee);
  return [
    `# Sweep ${file.name}`,
    "",
    outcome?.sentence ?? "It has not come to its end.",
    ...(knee === undefined
      ? []
      : ["", `Knee, the largest throughput per latency: ${formatLoad(knee.load, goal.axis)}.`]),
    ...(goals.length === 0 ? [] : ["", `Goal: ${goals.join(", ")}.`]),
    "",
    toMarkdownTable([...header, "Run"], withLinks),
    "",
  ].join("\n");
}

const CSV_FIGURES: readonly (keyof PointFigures)[] = [
  ...(["offeredPerSecond", "achievedPerSecond", "requestsPerSecond", "outputTokensPerSecond"] as const),
  ...(["tokensPerSecondPerUser", "ttftMedianMs", "ttftP95Ms", "ttftP95CertifiedMs"] as const),
  ...(["tpotMedianMs", "tpotP95Ms", "e2eMeanMs", "e2eMedianMs", "e2eP95Ms"] as const),
  ...(["successShare", "goodputShare", "goodputPerSecond"] as const),
];

/** A row a point, by load; numbers to six significant digits, absent values empty. */
export function renderSweepCsv(file: SweepFile): string {
  const header = [
    ...["sweep", "axis", "point", "load", "requests", "complete", "certified", "saturated", "meets"],
    ...CSV_FIGURES.map(toSnake),
    ...["misses", "folder"],
  ];
  const rows = byLoad(file.points).map((point) => [
    ...[file.name, file.goal.axis, point.number, toDigits(point.load), point.requests, point.complete],
    ...[
      String(point.isCertified),
      String(point.isSaturated),
      point.meets === undefined ? "" : String(point.meets),
    ],
    ...CSV_FIGURES.map((key) => {
      const value = point.figures[key];
      return value === undefined ? "" : toDigits(value);
    }),
    ...[point.misses.join("; "), point.folder],
  ]);
  return stringify([header, ...rows]);
}
