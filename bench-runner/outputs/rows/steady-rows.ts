// The headline figures of the whole window and of the steady state, side by side, for every output.
import { formatValue } from "../../../lib/core/units.ts";
import { markEstimated } from "../../summary/estimated.ts";
import { type Figure, type FigureKey, findFigure, type Measured, toMeasured } from "../../summary/figures.ts";
import { showNumber, showValue } from "../../summary/show-figure.ts";
import type { Summary } from "../../summary/summary.ts";
import type { Table } from "../table/table.ts";

/** A figure with its value in the whole window and in the steady state. */
export interface SteadyRow {
  figure: Figure;
  window: string;
  steady: string;
}

const RATES: readonly FigureKey[] = ["requestsPerSecond", "outputTokensPerSecond", "totalTokensPerSecond"];
const TIMES: readonly FigureKey[] = (["ttft", "tpot", "itl", "e2e"] as const).flatMap((metric) =>
  (["mean", "median", "p90", "p99"] as const).map((statistic): FigureKey => `${metric}.${statistic}`),
);
export const STEADY_FIGURES = [...RATES, ...TIMES];
/** The figures that a terminal shows. */
const HEADLINE: readonly FigureKey[] = [
  ...["requestsPerSecond", "outputTokensPerSecond"],
  ...["ttft.median", "tpot.median", "itl.median", "e2e.median"],
] as FigureKey[];

/** Undefined if there is no steady state. */
export function toSteadyRows({ steady, metrics, throughput, tokens }: Summary): SteadyRow[] | undefined {
  if ("absent" in steady || throughput === undefined) return undefined;
  const whole: Measured = { metrics, throughput };
  const inner = toMeasured(steady);
  return STEADY_FIGURES.flatMap((key) => {
    const found = findFigure(key);
    const mark = markEstimated(key, { tokens });
    const figure = { ...found, title: found.title + mark, short: found.short + mark };
    // The title of a rate has its unit.
    const show = RATES.includes(key) ? showNumber : showValue;
    const [window, inside] = [whole, inner].map((measured) => show(key, measured));
    return window ? [{ figure, window, steady: inside ?? "" }] : [];
  });
}

/** One row per figure. */
export function toSteadyTable(rows: readonly SteadyRow[]): Table {
  return {
    columns: [
      { title: "" },
      { title: "whole window", align: "right" },
      { title: "steady state", align: "right" },
    ],
    rows: rows.map(({ figure, window, steady }) => [figure.title, window, steady]),
  };
}

/** The figures that a terminal shows: side by side, or one below the other if that is too wide. */
export function toShortSteadyTables(rows: readonly SteadyRow[]): { wide: Table; narrow: Table } {
  const shown = rows.filter(({ figure }) => HEADLINE.includes(figure.key));
  const narrow = toSteadyTable(shown);
  return {
    wide: {
      columns: [
        { title: "" },
        ...shown.map(({ figure }) => ({ title: figure.short, align: "right" as const })),
      ],
      rows: [
        ["whole window", ...shown.map(({ window }) => window)],
        ["steady state", ...shown.map(({ steady }) => steady)],
      ],
    },
    narrow: { ...narrow, rows: shown.map(({ figure, window, steady }) => [figure.short, window, steady]) },
  };
}

/** Its length, or why there is none. */
export function describeSteady({ steady }: Summary): string {
  return "absent" in steady
    ? `none: ${steady.absent}`
    : `${formatValue(steady.seconds, "s")} with all clients busy, ${formatValue(steady.requests, "count")} requests inside`;
}
