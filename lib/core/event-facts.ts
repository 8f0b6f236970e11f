// Facts from server-sent events that some other client has read: for a k6 without this project's extension.
//
// The same reading as the extension's scanner, event by event through JSON.parse: slower, and with the times of whoever calls.
import type { Dialect, When } from "./dialect.ts";
import type { Facts, FieldValue } from "./facts.ts";

/** The values at a dotted path; `*` is any element. */
export function valuesAt(value: unknown, path: string): unknown[] {
  let found = [value];
  for (const part of path.split(".")) {
    found = found.flatMap((parent) => {
      if (parent === null || typeof parent !== "object") return [];
      return part === "*"
        ? Array.isArray(parent)
          ? parent
          : []
        : [(parent as Record<string, unknown>)[part]];
    });
  }
  return found;
}

function lastScalar(value: unknown, path: string): FieldValue | undefined {
  return valuesAt(value, path).findLast(
    (found) => found !== null && found !== undefined && typeof found !== "object",
  ) as FieldValue | undefined;
}

function toField(value: unknown, paths: string | string[]): FieldValue | undefined {
  if (typeof paths === "string") return lastScalar(value, paths);
  const parts = paths.map((path) => lastScalar(value, path)).filter((part) => typeof part === "number");
  return parts.length === 0 ? undefined : parts.reduce((sum, part) => sum + part, 0);
}

export interface EventCollector {
  facts: Facts;
  /** Between consecutive token events. */
  gapsMs: number[];
  /** Takes an event; true when it ends the stream. */
  add(data: string, name: string, atMs: number): boolean;
}

/** Starts the facts of a request that is sent now. */
export function createEventCollector(dialect: Dialect, startMs: number): EventCollector {
  const lengths: Record<string, number> = {};
  const gapsMs: number[] = [];
  const facts: Facts = {
    startMs,
    sentMs: startMs,
    endMs: startMs,
    ended: "eof",
    stamps: "user",
    mergedTokens: 0,
    tokenEvents: 0,
    contentEvents: 0,
    reasoningEvents: 0,
    toolCallEvents: 0,
    reads: 0,
    events: 0,
    malformedEvents: 0,
    bytes: 0,
    fields: {},
    reused: false,
    retried: false,
    requestBytes: 0,
  };

  const applies = (when: When | undefined, value: unknown, name: string): boolean =>
    when === undefined ||
    (when.path === "@event" ? name === when.equals : valuesAt(value, when.path).includes(when.equals));

  const addToken = (value: unknown, name: string, atMs: number): void => {
    const token = dialect.tokens.find(
      ({ path, when }) =>
        applies(when, value, name) &&
        valuesAt(value, path).some((text) => {
          if (typeof text !== "string" || text.length <= (lengths[path] ?? 0)) return false;
          if (dialect.cumulative) lengths[path] = text.length;
          return true;
        }),
    );
    if (token === undefined) return;
    facts.tokenEvents++;
    if (token.kind === "content") {
      facts.contentEvents++;
      facts.firstContentMs ??= atMs;
    } else if (token.kind === "reasoning") facts.reasoningEvents++;
    else facts.toolCallEvents++;
    facts.firstTokenMs ??= atMs;
    if (facts.lastTokenMs !== undefined) gapsMs.push(atMs - facts.lastTokenMs);
    facts.lastTokenMs = atMs;
  };

  return {
    facts,
    gapsMs,
    add(data, name, atMs) {
      const text = data.trim();
      if (text === "") return false;
      facts.events++;
      facts.bytes += data.length;
      facts.endMs = atMs;
      if (dialect.end.data !== undefined && text === dialect.end.data) {
        facts.ended = "marker";
        return true;
      }
      let value: unknown;
      try {
        value = JSON.parse(text);
      } catch {
        facts.malformedEvents++;
        return false;
      }
      addToken(value, name, atMs);
      for (const [field, paths] of Object.entries(dialect.fields)) {
        const found = toField(value, paths);
        if (found !== undefined) facts.fields[field] = found;
      }
      const error = dialect.errors.flatMap((path) => valuesAt(value, path)).find((found) => found != null);
      if (error != null) facts.inBandError ??= typeof error === "string" ? error : JSON.stringify(error);
      if (dialect.end.when !== undefined && applies(dialect.end.when, value, name)) {
        facts.ended = "marker";
        return true;
      }
      return false;
    },
  };
}
