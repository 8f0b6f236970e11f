// A comparison as a page of charts: the table, the changes with their intervals, the overlaid distributions.
import type { ChartPage } from "../../outputs/chart-page/chart-page.ts";
import type { BarsChart, LinesChart } from "../../outputs/charts/chart-spec.ts";
import { type Html, html, withCode } from "../../outputs/html.ts";
import { renderHtmlTable, toPairs } from "../../outputs/table/html-table.ts";
import { type ComparisonRows, toComparisonRows, toComparisonTable } from "./comparison-rows.ts";
import type { Comparison } from "./comparison-types.ts";
import { CURVE_SHARES, type CurveKey, type Side } from "./side.ts";

const CURVE_TITLES: Record<CurveKey, string> = { ttft: "TTFT", tpot: "TPOT", e2e: "E2E" };
/** Values beyond this multiple of their median are drawn on a log axis. */
const WIDE = 20;
/** An interval up to four times the base leaves no room for the others. */
const WIDEST_CHANGE = 3;

/** @param sides BASE, then each NEW, in the order of the comparison */
export function toComparisonPage(comparison: Comparison, sides: readonly Side[]): ChartPage {
  const rows = toComparisonRows(comparison);
  const verdict = toVerdict(rows);
  const changes = toChanges(comparison, rows);
  const distributions = toDistributions(rows, sides);
  return {
    title: rows.title,
    subtitle: rows.pairs.map(({ name, headline }) => `${name}: ${headline}`).join(" · "),
    ...(verdict && { verdict }),
    sections: [
      {
        id: "figures",
        heading: "Figures",
        html: renderHtmlTable("Figures of both sides", toComparisonTable(rows, comparison.confidence)),
      },
      ...(changes ? [{ id: "changes", heading: "Changes", charts: [changes] }] : []),
      ...(distributions.length > 0
        ? [{ id: "distributions", heading: "Distributions", charts: distributions }]
        : []),
      { id: "about", heading: "What was compared", html: toAbout(rows) },
    ],
  };
}

function toVerdict({ pairs }: ComparisonRows): ChartPage["verdict"] {
  const all = pairs.flatMap(({ requirements }) => requirements);
  if (all.length === 0) return undefined;
  const failed = all.filter(({ result }) => result === "failed");
  const unknown = all.filter(({ result }) => result === "cannot tell" || result === "uncertain");
  if (failed.length > 0) return { ok: false, text: failed.map(({ text }) => text).join(" · ") };
  if (unknown.length > 0) return { ok: undefined, text: unknown.map(({ text }) => text).join(" · ") };
  return { ok: true, text: all.map(({ text }) => text).join(" · ") };
}

/** Relative changes with their intervals; those of shares, in points, are in the table only. */
function toChanges({ pairs, confidence }: Comparison, rows: ComparisonRows): BarsChart | undefined {
  const all = rows.metrics.filter(({ key }) =>
    pairs.some(({ metrics }) => metrics.find((metric) => metric.key === key)?.difference?.of === "base"),
  );
  const shown = all.filter(({ key }) =>
    pairs.every(({ metrics }) => {
      const { value = 0, high = 0 } = metrics.find((metric) => metric.key === key)?.difference ?? {};
      return Math.max(value, high) <= WIDEST_CHANGE;
    }),
  );
  const left = all.length - shown.length;
  if (shown.length === 0) return undefined;
  const series = pairs.map(({ metrics }, at) => {
    const found = shown.map(({ key }) => metrics.find((metric) => metric.key === key)?.difference);
    return {
      name: rows.pairs[at]?.name ?? "NEW",
      values: found.map((difference) => difference?.value),
      low: found.map((difference) => difference?.low),
      high: found.map((difference) => difference?.high),
    };
  });
  return {
    kind: "bars",
    id: "change-bars",
    title: "Change from BASE",
    isWide: true,
    description: `How much each figure differs from BASE, with its ${Math.round(confidence * 1000) / 10} % interval. An interval that includes 0 is within noise.${left === 0 ? "" : ` ${left} of ${all.length} figures are too large to draw: see the table.`}`,
    y: { title: "change", unit: "share" },
    categories: shown.map(({ label }) => label.replace(/ \([^)]*\)$/, "")),
    series,
  };
}

function toDistributions({ pairs }: ComparisonRows, sides: readonly Side[]): LinesChart[] {
  const names = ["BASE", ...pairs.map(({ name }) => name)];
  return (Object.keys(CURVE_TITLES) as CurveKey[]).flatMap((key): LinesChart[] => {
    const curves = sides.map(({ curves }) => curves[key]);
    if (curves.every((curve) => curve === undefined)) return [];
    const title = CURVE_TITLES[key];
    const isWide = curves.some((curve) => curve && (curve.at(-1) as number) > WIDE * (curve[50] as number));
    const medians = curves.flatMap((curve, at) =>
      curve === undefined ? [] : `${names[at]} ${curve[50]} ms`,
    );
    return [
      {
        kind: "lines",
        id: `distribution-${key}`,
        title: `${title}: share of requests at or below`,
        description: `The distributions of ${title}, overlaid; medians: ${medians.join(", ")}.`,
        x: { title, unit: "ms", ...(isWide && { scale: "log" as const }) },
        y: { title: "share of requests", unit: "share" },
        series: curves.flatMap((curve, at) =>
          curve === undefined
            ? []
            : [
                {
                  name: names[at] as string,
                  points: curve.map((x, index) => ({ x, y: CURVE_SHARES[index] as number })),
                },
              ],
        ),
      },
    ];
  });
}

function toAbout({ sides, pairs, notes }: ComparisonRows): Html {
  const differences = pairs.flatMap((pair) => pair.differences.map((text) => `Not the same: ${text}`));
  return html`${toPairs(sides)}<ul>${[...differences, ...notes].map((text) => html`<li>${withCode(text)}</li>`)}</ul>`;
}
