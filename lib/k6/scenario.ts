// What a scenario file starts from: the resolved options, the rows, the summary; worked out by one client for all.
import { SharedArray } from "k6/data";
import type { K6SummaryData } from "../core/console-summary.ts";
import type { LoadOptions } from "../core/options.ts";
import type { Row } from "../core/row.ts";
import type { Threshold } from "../core/thresholds.ts";
import { loadPart } from "./parts.ts";
import { IS_COARSE } from "./stream.ts";

export interface Scenario {
  load: LoadOptions;
  /** The k6 options that every scenario has, whatever its load. */
  k6Options: { thresholds: Record<string, Threshold[]>; summaryTrendStats: string[] };
  /** Held as one text each; a row is parsed when it is read. */
  rows: Row[];
}

/** For the init context. @throws a text, which k6 prints as one line, when an option or the dataset is unfit */
export function prepareScenario(): Scenario {
  const [settings] = new SharedArray<Omit<Scenario, "rows">>("settings", () => {
    const { readOptions, toThresholds, SUMMARY_TREND_STATS } = loadPart("once");
    const load = readOptions();
    return [{ load, k6Options: { thresholds: toThresholds(load), summaryTrendStats: SUMMARY_TREND_STATS } }];
  });
  const { load, k6Options } = settings as Omit<Scenario, "rows">;
  return { load, k6Options, rows: new SharedArray<Row>("rows", () => loadPart("once").loadRows(load)) };
}

// k6 makes the summary in a client of its own, which has the number 0 as the first one.
const summary = __VU === 0 ? loadPart("summary") : undefined;

/** k6 calls this after the run. */
export function handleSummary(data: K6SummaryData): Record<string, string> {
  return summary?.toSummary(data, IS_COARSE) ?? {};
}
