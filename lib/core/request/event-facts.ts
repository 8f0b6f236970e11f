// Facts from server-sent events, or a document, that some other client has read: for a k6 without this project's extension.
//
// The same reading as the extension's scanner, event by event through JSON.parse: slower, and with the times of whoever calls.
import type { Dialect, TokenKind, ValueGroup, ValuePath, When } from "./dialect.ts";
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

/** The facts of a request of which nothing but its start is known. */
function createFacts({ framing }: Dialect, startMs: number, wantText: boolean): Facts {
  return {
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
    ...(framing === "json" && { document: true }),
    ...(wantText && { text: "" }),
  };
}

interface Token {
  kind: TokenKind;
  /** In a cumulative dialect the whole answer so far. */
  text: string;
}

/** A function that finds the token of an event; in a cumulative dialect an event has one if a text grew. */
function createTokenFinder({
  tokens,
  cumulative,
}: Dialect): (value: unknown, name: string) => Token | undefined {
  const lengths: Record<string, number> = {};
  return (value, name) => {
    for (const { path, kind, when } of tokens) {
      if (!applies(when, value, name)) continue;
      for (const text of valuesAt(value, path)) {
        if (typeof text !== "string" || text.length <= (lengths[path] ?? 0)) continue;
        if (cumulative) lengths[path] = text.length;
        return { kind, text };
      }
    }
    return undefined;
  };
}

/** Counts a token and records when it came. */
function countToken(facts: Facts, { kind, text }: Token, atMs: number, cumulative = false): void {
  facts.tokenEvents++;
  if (kind === "content") {
    facts.contentEvents++;
    facts.firstContentMs ??= atMs;
    if (facts.text !== undefined) facts.text = cumulative ? text : facts.text + text;
  } else if (kind === "reasoning") facts.reasoningEvents++;
  else facts.toolCallEvents++;
  facts.firstTokenMs ??= atMs;
  facts.lastTokenMs = atMs;
}

/** A function that sets the dialect's fields from an event, with what earlier events of the stream had. */
function createFieldReader({ fields: rules }: Dialect): (facts: Facts, value: unknown, name: string) => void {
  const kept = new Map<ValueGroup, Kept>();
  const keep = (group: ValueGroup, value: unknown, name: string): FieldValue | undefined => {
    const values = kept.get(group) ?? [];
    kept.set(group, values);
    for (const [index, place] of toPlaces(group).entries()) {
      const { path, when } = typeof place === "string" ? { path: place, when: undefined } : place;
      if (applies(when, value, name)) values[index] = lastScalar(value, path) ?? values[index];
    }
    return settle(values);
  };
  return ({ fields }, value, name) => {
    for (const [field, rule] of Object.entries(rules)) {
      const found = toGroups(rule).map((group) => keep(group, value, name));
      const first = found.find((one) => one !== undefined);
      if (first !== undefined) fields[field] = first;
    }
  };
}

/** The error that the server reports inside its answer. */
function findError({ errors }: Dialect, value: unknown): string | undefined {
  const error = errors.flatMap((path) => valuesAt(value, path)).find((found) => found != null);
  if (error == null) return undefined;
  return typeof error === "string" ? error : JSON.stringify(error);
}

/** The content of an answer that is one document. */
function findDocumentText({ tokens }: Dialect, value: unknown): string {
  const content = tokens.filter(({ kind, when }) => kind === "content" && applies(when, value, ""));
  const texts = content.flatMap(({ path }) => valuesAt(value, path));
  return texts.find((text): text is string => typeof text === "string" && text !== "") ?? "";
}

/** The value of a JSON text; undefined, which no JSON text is, for any other. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Starts the facts of a request that is sent now. @param wantText keep the answer's content */
export function createEventCollector(
  dialect: Dialect,
  startMs: number,
  wantText: boolean = false,
): EventCollector {
  const facts = createFacts(dialect, startMs, wantText);
  const gapsMs: number[] = [];
  const findToken = createTokenFinder(dialect);
  const readFields = createFieldReader(dialect);
  const ends = [dialect.end.when ?? []].flat();
  const addValues = (value: unknown, name: string): void => {
    readFields(facts, value, name);
    const error = findError(dialect, value);
    if (error !== undefined) facts.inBandError ??= error;
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
      const value = parseJson(text);
      if (value === undefined) {
        facts.malformedEvents++;
        return false;
      }
      const token = findToken(value, name);
      if (token !== undefined) {
        if (facts.lastTokenMs !== undefined) gapsMs.push(atMs - facts.lastTokenMs);
        countToken(facts, token, atMs, dialect.cumulative);
      }
      addValues(value, name);
      if (!ends.some((when) => applies(when, value, name))) return false;
      facts.ended = "marker";
      return true;
    },
    addDocument(body, atMs) {
      facts.bytes += body.length;
      facts.endMs = atMs;
      const value = parseJson(body.replace(/^\uFEFF/, ""));
      if (value !== undefined) facts.events++;
      addValues(value, "");
      if (facts.inBandError !== undefined || Object.keys(facts.fields).length > 0) {
        facts.ended = "marker";
        if (wantText) facts.text = findDocumentText(dialect, value);
      } else if (body !== "") facts.body = body.slice(0, BODY_KEPT);
    },
  };
}
