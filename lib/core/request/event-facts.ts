// Facts from server-sent events, or a document, that some other client has read: for a k6 without this project's extension.
//
// The same reading as the extension's scanner, event by event through JSON.parse: slower, and with the times of whoever calls.
import type { Dialect, ValueGroup, ValuePath, When } from "./dialect.ts";
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

function applies(when: When | undefined, value: unknown, name: string): boolean {
  if (when === undefined) return true;
  const { path, equals } = when;
  if (path === "@event") return name === equals;
  const found = valuesAt(value, path);
  return equals === undefined ? found.some((one) => one != null) : found.includes(equals);
}

/** The last value of each place of a group, kept over the events of a stream. */
type Kept = (FieldValue | undefined)[];

function toGroups(rule: Dialect["fields"][string]): readonly ValueGroup[] {
  return typeof rule === "object" && "either" in rule ? rule.either : [rule];
}

function toPlaces(group: ValueGroup): readonly ValuePath[] {
  return Array.isArray(group) ? (group as readonly ValuePath[]) : [group as ValuePath];
}

/** The sum of the numbers, or the last other value. */
function settle(kept: Kept): FieldValue | undefined {
  let settled: FieldValue | undefined;
  for (const value of kept) {
    if (typeof value !== "number") settled = value ?? settled;
    else settled = (typeof settled === "number" ? settled : 0) + value;
  }
  return settled;
}

export interface EventCollector {
  facts: Facts;
  /** Between consecutive token events. */
  gapsMs: number[];
  /** Takes an event; true when it ends the stream. */
  add(data: string, name: string, atMs: number): boolean;
  /** Takes the whole body of an answer that is one document. */
  addDocument(body: string, atMs: number): void;
}

/** First characters of a document that is not the dialect's. */
const BODY_KEPT = 1024;

/** Starts the facts of a request that is sent now. @param wantText keep the answer's content */
export function createEventCollector(
  dialect: Dialect,
  startMs: number,
  wantText: boolean = false,
): EventCollector {
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
    ...(dialect.framing === "json" && { document: true }),
    ...(wantText && { text: "" }),
  };

  const ends = [dialect.end.when ?? []].flat();
  const kept = new Map<ValueGroup, Kept>();

  const addToken = (value: unknown, name: string, atMs: number): void => {
    let text = "";
    const token = dialect.tokens.find(
      ({ path, when }) =>
        applies(when, value, name) &&
        valuesAt(value, path).some((found) => {
          if (typeof found !== "string" || found.length <= (lengths[path] ?? 0)) return false;
          if (dialect.cumulative) lengths[path] = found.length;
          text = found;
          return true;
        }),
    );
    if (token === undefined) return;
    facts.tokenEvents++;
    if (token.kind === "content") {
      facts.contentEvents++;
      facts.firstContentMs ??= atMs;
      if (facts.text !== undefined) facts.text = dialect.cumulative ? text : facts.text + text;
    } else if (token.kind === "reasoning") facts.reasoningEvents++;
    else facts.toolCallEvents++;
    facts.firstTokenMs ??= atMs;
    if (facts.lastTokenMs !== undefined) gapsMs.push(atMs - facts.lastTokenMs);
    facts.lastTokenMs = atMs;
  };

  /** @returns the value that the group has by now */
  const keep = (group: ValueGroup, value: unknown, name: string): FieldValue | undefined => {
    const values = kept.get(group) ?? [];
    kept.set(group, values);
    for (const [index, place] of toPlaces(group).entries()) {
      const { path, when } = typeof place === "string" ? { path: place, when: undefined } : place;
      if (applies(when, value, name)) values[index] = lastScalar(value, path) ?? values[index];
    }
    return settle(values);
  };

  const addValues = (value: unknown, name = ""): void => {
    for (const [field, rule] of Object.entries(dialect.fields)) {
      const found = toGroups(rule).map((group) => keep(group, value, name));
      const first = found.find((one) => one !== undefined);
      if (first !== undefined) facts.fields[field] = first;
    }
    const error = dialect.errors.flatMap((path) => valuesAt(value, path)).find((found) => found != null);
    if (error != null) facts.inBandError ??= typeof error === "string" ? error : JSON.stringify(error);
  };

  const addDocumentText = (value: unknown): void => {
    const content = dialect.tokens.filter(({ kind, when }) => kind === "content" && applies(when, value, ""));
    const texts = content.flatMap(({ path }) => valuesAt(value, path));
    facts.text = texts.find((text): text is string => typeof text === "string" && text !== "") ?? "";
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
      addValues(value, name);
      if (!ends.some((when) => applies(when, value, name))) return false;
      facts.ended = "marker";
      return true;
    },
    addDocument(body, atMs) {
      facts.bytes += body.length;
      facts.endMs = atMs;
      let value: unknown;
      try {
        value = JSON.parse(body.replace(/^\uFEFF/, ""));
        facts.events++;
      } catch {
        // The verdict says so: without a field or an error it is not the dialect's.
      }
      addValues(value);
      if (facts.inBandError !== undefined || Object.keys(facts.fields).length > 0) {
        facts.ended = "marker";
        if (wantText) addDocumentText(value);
      } else if (body !== "") facts.body = body.slice(0, BODY_KEPT);
    },
  };
}
