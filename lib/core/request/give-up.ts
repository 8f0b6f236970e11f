// When a client gives up: if a server fails every request, or is gone, the rest of the run is wasted.
import type { Facts } from "./facts.ts";
import { toVerdict } from "./verdict.ts";

/** After this many failures at the very start, without an answer in between, a recovery is unlikely. */
const FIRST_FAILURES = 10;
/** A server is gone after this many refused requests in a row over this time. A restart may explain a shorter gap. */
const LAST_REFUSALS = 20;
const LAST_REFUSALS_MS = 5000;

const KEY = "Set SERVER_BENCH_API_KEY to the server's key.";
const WAIT = "Wait until the server has loaded its model, or reduce the load.";
/** By status. Clients get them with their settings: in their code they would take more memory. */
export const REMEDIES = {
  none: "Start a server there, or correct SERVER_BENCH_URL.",
  401: KEY,
  403: KEY,
  404: "Check the address in SERVER_BENCH_URL and the model's name in SERVER_BENCH_MODEL_ALIAS.",
  429: WAIT,
  503: WAIT,
  other: "See the server's log for the reason.",
};
export type Remedies = Readonly<Record<string, string>>;

function describe(facts: Facts, url: string, remedies: Remedies): string {
  const said =
    (facts.status === undefined ? facts.error?.message : (facts.body ?? facts.error?.message)) ?? "";
  const excerpt = said.replace(/\s+/g, " ").trim().slice(0, 200);
  return `${url}${excerpt && ` (${excerpt})`}. ${remedies[facts.status ?? "none"] ?? remedies.other}`;
}

/**
 * Watches the requests of one client.
 * @returns a function that takes the facts of each request and returns the reason when it is time to end the test: what
 *   the server did at which URL, what it answered, and the remedy
 */
export function createGiveUp(url: string, remedies: Remedies): (facts: Facts) => string | undefined {
  let failedFromStart: number | undefined = 0;
  let refusals = 0;
  let refusedSinceMs = 0;
  return (facts) => {
    const verdict = toVerdict(facts);
    const refused = verdict === "refused";
    if (refused && refusals++ === 0) refusedSinceMs = facts.startMs;
    if (!refused) refusals = 0;
    if (refused || verdict === "http_error") {
      if (failedFromStart !== undefined) failedFromStart++;
    } else failedFromStart = undefined;

    if (failedFromStart !== undefined && failedFromStart >= FIRST_FAILURES) {
      const what = refused ? "No connection to" : `All requests failed, last status ${facts.status}, at`;
      return `${what} ${describe(facts, url, remedies)}`;
    }
    if (refusals >= LAST_REFUSALS && facts.endMs - refusedSinceMs >= LAST_REFUSALS_MS) {
      return `The server is gone: no more connections to ${describe(facts, url, remedies)}`;
    }
    return undefined;
  };
}
