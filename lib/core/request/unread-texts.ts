// Texts of an answer that the dialect does not read, for event-facts.ts: a fact where tokens are missing. As in the extension.
import type { Dialect, ErrorPlace, TokenPath, ValuePath, When } from "./dialect.ts";
import type { Facts } from "./facts.ts";
import { valuesAt } from "./paths.ts";
import { toNumber } from "./request-metrics.ts";

/** How many paths are kept of an answer. */
const MOST_PATHS = 8;

/** In how many events of an answer unread texts are looked for. */
const MOST_LOOKS = 64;

/** The longest path that is followed. */
const LONGEST_PATH = 200;

export interface UnreadTexts {
  /** Keeps the paths of texts in an event that is no token. */
  look(value: unknown): void;
  /** Makes them a fact where usage counts half as many tokens again as came, or where nothing came at all. */
  settle(facts: Facts): void;
}

/** Every path that the dialect names. */
function knownPaths({ tokens, fields, errors, end }: Dialect): Set<string | undefined> {
  const groups = Object.values(fields).flatMap((rule) =>
    typeof rule === "object" && "either" in rule ? rule.either : [rule],
  );
  const places = [...tokens, ...groups.flat(), ...errors, ...[end.when ?? []].flat()];
  return new Set(
    places.flatMap((place: ValuePath | TokenPath | ErrorPlace | When) =>
      typeof place === "string" ? place : [place.path, "when" in place ? place.when?.path : undefined],
    ),
  );
}

/** The non-empty texts below a value, each with its path. */
function* eachText(value: unknown, path: string): Generator<string> {
  if (typeof value === "string") {
    if (value !== "") yield path;
    return;
  }
  if (value === null || typeof value !== "object" || path.length > LONGEST_PATH) return;
  const below = path === "" ? "" : `${path}.`;
  for (const [key, one] of Object.entries(value)) {
    yield* eachText(one, below + (Array.isArray(value) ? "*" : key));
  }
}

/** Starts to look at an answer. */
export function createUnreadTexts(dialect: Dialect): UnreadTexts {
  const found = new Set<string>();
  let known: Set<string | undefined> | undefined;
  let looks = 0;
  const note = (path: string) => {
    if (found.size < MOST_PATHS) found.add(path);
  };
  /** Keeps the kind of an event that has a text where a token would be. */
  const lookAtTokens = (value: unknown) => {
    for (const { path, when } of dialect.tokens) {
      if (when === undefined || when.path === "@event") continue;
      if (!valuesAt(value, path).some((text) => typeof text === "string" && text !== "")) continue;
      note(`${path} of ${valuesAt(value, when.path).findLast((kind) => typeof kind === "string") ?? ""}`);
      return;
    }
  };
  return {
    look(value) {
      if (looks === MOST_LOOKS || found.size === MOST_PATHS) return;
      looks++;
      if (dialect.echoes) {
        lookAtTokens(value);
        return;
      }
      known ??= knownPaths(dialect);
      for (const path of eachText(value, "")) {
        const key = path.slice(path.lastIndexOf(".") + 1);
        if (!dialect.labels?.includes(key) && !known.has(path)) note(path);
      }
    },
    settle(facts) {
      const { tokenEvents, tokenBytes, reasoningEvents, fields, document } = facts;
      if (facts.inBandError !== undefined || found.size === 0) return;
      const completion = toNumber(fields.completionTokens);
      const hidden = reasoningEvents > 0 ? 0 : (toNumber(fields.reasoningTokens) ?? 0);
      const came = (document ? tokenBytes : tokenEvents) ?? 0;
      const isShort = completion !== undefined && completion - hidden > 1.5 * came + 2;
      if (came === 0 || isShort) facts.unread = [...found];
    },
  };
}
