// What of a server's answer can be believed, for event-facts.ts: its finish reasons, errors, choices and counts. As in the extension.
import type { Dialect } from "./dialect.ts";
import type { Facts, FieldValue } from "./facts.ts";

/** More than any request has: a larger count is a wrong one. */
const MOST_TOKENS = 1e9;

/** Null, false, 0, "", "null", "none", or an object or list of nothing else. */
export function saysNothing(value: unknown): boolean {
  if (value === null || value === undefined || value === false || value === 0) return true;
  if (typeof value === "string") return /^\s*(null|none)?\s*$/i.test(value);
  return typeof value === "object" && Object.values(value).every(saysNothing);
}

/** Whether the finish reason means that the server failed. */
export function isFailure({ failures = [] }: Dialect, reason: string): boolean {
  const text = reason.toLowerCase();
  return failures.some((word) => text.includes(word));
}

/** Whether the value can be a number of tokens. */
export function isCount(value: FieldValue): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0 && value <= MOST_TOKENS;
}

/** The choices of an answer so far. */
export interface ChoiceCount {
  /** Those that have no finish reason although another one has. */
  open: number;
  /** More than one has begun. */
  several: boolean;
}

/** A function that takes each event and counts the choices of the answer. */
export function createChoices({ choices }: Dialect): (value: unknown) => ChoiceCount {
  const done = new Map<number, boolean>();
  let last = -1;
  // The numbers are those of choices: one came again, or two came at once.
  let isReal = false;
  let count: ChoiceCount = { open: 0, several: false };
  return (value) => {
    const list: unknown = choices && (value as Record<string, unknown> | null)?.[choices.list];
    if (!choices || !Array.isArray(list)) return count;
    for (const [position, choice] of (list as Record<string, unknown>[]).entries()) {
      const { [choices.index]: index, [choices.finish]: reason } = choice ?? {};
      const finished = typeof reason === "string" && !saysNothing(reason);
      if (typeof index !== "number" && !finished && list.length === 1) continue;
      const number = typeof index === "number" ? index : position;
      isReal ||= number <= last || list.length > 1;
      last = number;
      done.set(number, finished || done.get(number) === true);
    }
    const open = [...done.values()].filter((finished) => !finished).length;
    count = { open: isReal && open < done.size ? open : 0, several: isReal && done.size > 1 };
    return count;
  };
}

/** Takes out the counts that contradict the answer, or each other. */
export function checkUsage(facts: Facts, { counts = [] }: Dialect, several: boolean): void {
  const { fields, tokenEvents, tokenBytes = 0 } = facts;
  const count = (name: string) => (counts.includes(name) ? (fields[name] as number | undefined) : undefined);
  const note = (text: string) => {
    facts.badUsage ??= text;
  };
  if (count("completionTokens") === 0 && tokenEvents + tokenBytes > 0) {
    note("0 completion tokens, although some came");
    for (const name of counts) if (fields[name] === 0) delete fields[name];
  }
  // llama-server reports the usage of each choice alone, and so do its timings. Of one choice alone nothing follows: proxies cut
  // texts as they like.
  const ofSeveral = several ? count("completionTokens") : undefined;
  if (ofSeveral !== undefined && (ofSeveral < tokenEvents || ofSeveral === fields.serverPredictedTokens)) {
    note(
      ofSeveral < tokenEvents
        ? "fewer completion tokens than events with tokens of several choices"
        : "the completion tokens of one of several choices",
    );
    delete fields.completionTokens;
    delete fields.totalTokens;
  }
  const [prompt, completion = 0] = [count("promptTokens"), count("completionTokens")];
  if (prompt !== undefined && (count("cachedTokens") ?? 0) > prompt) {
    note("more cached tokens than prompt tokens");
    delete fields.cachedTokens;
  }
  if ((count("totalTokens") ?? Number.POSITIVE_INFINITY) < (prompt ?? 0) + completion) {
    note("a total below the sum of its parts");
    delete fields.totalTokens;
  }
}
