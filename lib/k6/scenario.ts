// What a scenario file starts from: the resolved options, the rows, the summary; computed by one client for all.
import { SharedArray } from "k6/data";
import type { K6SummaryData } from "../core/goals/console-summary.ts";
import type { ShapeKind } from "../core/options/shapes.ts";
import type { Row } from "../core/prompts/row.ts";
import { loadPart } from "./parts.ts";
import { openRows } from "./prepare/rows.ts";
import type { K6Options } from "./prepare/settings.ts";
import type { Start } from "./prepare/start.ts";
import type { ClientSettings } from "./request/client-settings.ts";
import { IS_COARSE } from "./request/stream.ts";

export interface Scenario extends ClientSettings {
  /** In the order in which they are sent; a row is parsed when it is read. */
  rows: Row[];
  /** For a scenario prepared as `open`: when each request is due, in milliseconds from the start, ascending. */
  arrivals?: number[];
  /** What every scenario adds to its k6 options. k6 reads only those of its first client; the others have none. */
  k6Options: Partial<K6Options>;
}

/** A plain load ends with its rows, if the user asks for that and k6's flags do not override it. */
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
    const [client, k6Options, arrivals] = loadPart("prepare").prepareSettings(kind);
    due = arrivals;
    return [client, k6Options];
  });
  const client = settings[0] as ClientSettings;
  const rows = openRows(client.load);
  // The first client, which runs alone, fills this one, too.
  const arrivals = kind === "open" ? { arrivals: new SharedArray<number>("arrivals", () => due) } : {};
  return { ...client, rows, ...arrivals, k6Options: __VU === 0 ? toK6Options(settings, rows) : {} };
}

/** The `setup` of a scenario with a planned shape; k6 calls it before the run, in a client with the number 0. */
export function createSetup(shape: "closed" | "open"): () => Start | undefined {
  return __VU === 0 ? loadPart("start").createStart(shape) : () => undefined;
}

// k6 makes the summary in a separate client, which has the number 0, like the first one.
const summary = __VU === 0 ? loadPart("summary") : undefined;

/** k6 calls this after the run. @returns what is written where; undefined leaves the summary to k6 */
export function handleSummary(data: K6SummaryData): Record<string, string> | undefined {
  return summary?.toSummary(data, IS_COARSE);
}
