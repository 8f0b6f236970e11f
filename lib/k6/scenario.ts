// What a scenario file starts from: the resolved options, the rows, the summary; worked out by one client for all.
import { SharedArray } from "k6/data";
import type { K6SummaryData } from "../core/goals/console-summary.ts";
import type { ShapeKind } from "../core/options/shapes.ts";
import type { Row } from "../core/prompts/row.ts";
import { loadPart } from "./parts.ts";
import { openRows } from "./prepare/rows.ts";
import type { ClientSettings, K6Options } from "./prepare/settings.ts";
import { IS_COARSE } from "./request/stream.ts";

export interface Scenario extends ClientSettings {
  /** In the order of their use; a row is parsed when it is read. */
  rows: Row[];
  /** Of a scenario prepared as `open`: when each request is due, in milliseconds from the start, ascending. */
  arrivals?: number[];
  /** What every scenario adds to its k6 options. k6 reads those of its first client only; the others have none. */
  k6Options: Partial<K6Options>;
}

/** A plain load ends with its rows, where that is asked for and k6's flags do not say otherwise. */
function toK6Options([client, options]: readonly object[], { length }: readonly Row[]): Partial<K6Options> {
  const { load, closed, open } = client as ClientSettings;
  if (load.whenOut !== "end" || closed !== undefined || open !== undefined) return options as K6Options;
  return { ...options, iterations: length, vus: Math.min(8, length) };
}

/**
 * For the init context.
 * @param kind the shape of the load; `plain` leaves it to k6's own options
 * @throws a text, which k6 prints as one line, when an option or the dataset is unfit
 */
export function prepareScenario(kind: ShapeKind = "plain"): Scenario {
  let due: number[] = [];
  const settings = new SharedArray<ClientSettings | K6Options>("settings", () => {
    const [client, k6Options, arrivals] = loadPart("once").prepareSettings(kind);
    due = arrivals;
    return [client, k6Options];
  });
  const client = settings[0] as ClientSettings;
  const rows = openRows(client.load);
  // The first client, which runs alone, fills this one, too.
  const arrivals = kind === "open" ? { arrivals: new SharedArray<number>("arrivals", () => due) } : {};
  return { ...client, rows, ...arrivals, k6Options: __VU === 0 ? toK6Options(settings, rows) : {} };
}

// k6 makes the summary in a client of its own, which has the number 0 as the first one.
const summary = __VU === 0 ? loadPart("summary") : undefined;

/** k6 calls this after the run. */
export function handleSummary(data: K6SummaryData): Record<string, string> {
  return summary?.toSummary(data, IS_COARSE) ?? {};
}
