// What a scenario file starts from: the resolved options, the rows, the summary; worked out by one client for all.
import { SharedArray } from "k6/data";
import type { K6SummaryData } from "../core/console-summary.ts";
import type { Row } from "../core/row.ts";
import { loadPart } from "./parts.ts";
import type { ClientSettings, K6Options } from "./settings.ts";
import { IS_COARSE } from "./stream.ts";

export interface Scenario extends ClientSettings {
  /** Held as one text each; a row is parsed when it is read. */
  rows: Row[];
  /** What every scenario adds to its k6 options. k6 reads those of its first client only; the others have none. */
  k6Options: Partial<K6Options>;
}

/** For the init context. @throws a text, which k6 prints as one line, when an option or the dataset is unfit */
export function prepareScenario(): Scenario {
  const settings = new SharedArray<ClientSettings | K6Options>("settings", () =>
    loadPart("once").prepareSettings(),
  );
  const client = settings[0] as ClientSettings;
  const rows = new SharedArray<Row>("rows", () => loadPart("once").loadRows(client.load));
  return { ...client, rows, k6Options: __VU === 0 ? (settings[1] as K6Options) : {} };
}

// k6 makes the summary in a client of its own, which has the number 0 as the first one.
const summary = __VU === 0 ? loadPart("summary") : undefined;

/** k6 calls this after the run. */
export function handleSummary(data: K6SummaryData): Record<string, string> {
  return summary?.toSummary(data, IS_COARSE) ?? {};
}
