// Facts from server-sent events, or a document, that another client has read: for a k6 without this project's extension.
//
// Equivalent to the extension's scanner, event by event through JSON.parse: slower, and with the caller's times.
import { checkUsage, createChoices, isCount, isFailure, saysNothing } from "./answer-checks.ts";
import type { Dialect, TokenKind, ValueGroup, ValuePath } from "./dialect.ts";
import type { Facts, FieldValue } from "./facts.ts";
import { applies, valuesAt } from "./paths.ts";
import { createUnreadTexts } from "./unread-texts.ts";

function lastScalar(value: unknown, path: string): FieldValue | undefined {
  return valuesAt(value, path).findLast(
    // JSON.parse makes infinity of 1e999.
    (found) =>
      found !== null &&
      found !== undefined &&
      typeof found !== "object" &&
      found !== Infinity &&
      found !== -Infinity,
  ) as FieldValue | undefined;
}

/** The last value of each place of a group, kept over the events of a stream. */
type Kept = (FieldValue | undefined)[];

function toGroups(rule: Dialect["fields"][string]): readonly ValueGroup[] {
  return typeof rule === "object" && "either" in rule ? rule.either : [rule];
}

function toPlaces(group: ValueGroup): readonly ValuePath[] {
  return Array.isArray(group) ? (group as readonly ValuePath[]) : [group as ValuePath];
}

/** The sum of the numbers, or the last value that is not a number. */
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
  /** Takes a field `error` of the event stream, which belongs to the event that comes next. */
  addError(text: string): void;
  /** Takes the whole body of an answer that is one document. */
  addDocument(body: string, atMs: number): void;
  /** Settles the facts of a stream whose end marker did not come. */
  finish(): void;
}

/** The number of characters kept of a document that is not one of the dialect. */
const BODY_KEPT = 1024;

/** The facts of a request that has just started. */
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
  if (!cumulative) {
    const bytes = JSON.stringify(text).length - 2;
    facts.firstTokenBytes ??= bytes;
    facts.tokenBytes = (facts.tokenBytes ?? 0) + bytes;
  }
  if (kind === "content") {
    facts.contentEvents++;
    facts.firstContentMs ??= atMs;
    if (facts.text !== undefined) facts.text = cumulative ? text : facts.text + text;
  } else if (kind === "reasoning") facts.reasoningEvents++;
  else facts.toolCallEvents++;
  facts.firstTokenMs ??= atMs;
  facts.lastTokenMs = atMs;
}

/** A function that sets the dialect's fields from an event and the earlier ones of the stream. */
function createFieldReader(dialect: Dialect): (facts: Facts, value: unknown, name: string) => void {
  const { fields: rules, finishField, counts = [] } = dialect;
  const kept = new Map<ValueGroup, Kept>();
  let hasFailed = false;
  /** The value to keep of a place that had the value `before`. */
  const choose = (facts: Facts, field: string, path: string, value: unknown, before?: FieldValue) => {
    if (field === finishField) {
      const reasons = valuesAt(value, path).filter((one) => typeof one === "string" && !saysNothing(one));
      const failure = reasons.find((reason) => isFailure(dialect, reason as string));
      if (hasFailed) return before;
      hasFailed = failure !== undefined;
      return ((failure ?? reasons.at(-1)) as string | undefined) ?? before;
    }
    const found = lastScalar(value, path);
    if (found === undefined || !counts.includes(field)) return found ?? before;
    if (isCount(found)) return found === 0 ? (before ?? found) : found;
    facts.badUsage ??= `${path}: ${JSON.stringify(found)}`;
    return before;
  };
  const keep = (facts: Facts, field: string, group: ValueGroup, value: unknown, name: string) => {
    const values = kept.get(group) ?? [];
    kept.set(group, values);
    for (const [index, place] of toPlaces(group).entries()) {
      const { path, when } = typeof place === "string" ? { path: place, when: undefined } : place;
      if (applies(when, value, name)) values[index] = choose(facts, field, path, value, values[index]);
    }
    return settle(values);
  };
  return (facts, value, name) => {
    for (const [field, rule] of Object.entries(rules)) {
      const found = toGroups(rule).map((group) => keep(facts, field, group, value, name));
      const first = found.find((one) => one !== undefined);
      if (first !== undefined) facts.fields[field] = first;
    }
  };
}

/** The error that the server reports inside its answer. @param data the text of the event */
function findError({ errors }: Dialect, value: unknown, name: string, data: string): string | undefined {
  for (const place of errors) {
    const { path, when } = typeof place === "string" ? { path: place, when: undefined } : place;
    if (!applies(when, value, name)) continue;
    if (path === undefined) return data;
    const error = valuesAt(value, path).findLast((found) => found !== undefined);
    if (!saysNothing(error)) return typeof error === "string" ? error : JSON.stringify(error);
  }
  return undefined;
}

/** The length of the texts of a document, of any kind. */
function measureText({ tokens }: Dialect, value: unknown): number {
  const found = tokens.filter(({ when }) => applies(when, value, ""));
  const texts = found.flatMap(({ path }) => valuesAt(value, path));
  return texts.reduce<number>((sum, text) => sum + (typeof text === "string" ? text.length : 0), 0);
}

/** The content of an answer that is one document. */
function findDocumentText({ tokens }: Dialect, value: unknown): string {
  const content = tokens.filter(({ kind, when }) => kind === "content" && applies(when, value, ""));
  const texts = content.flatMap(({ path }) => valuesAt(value, path));
  return texts.find((text): text is string => typeof text === "string" && text !== "") ?? "";
}

/** The value of a JSON text; undefined for any other text. */
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
  const countChoices = createChoices(dialect);
  const unread = createUnreadTexts(dialect);
  let several = false;
  let failure: string | undefined;
  const ends = [dialect.end.when ?? []].flat();
  const addValues = (value: unknown, name: string, text: string): void => {
    readFields(facts, value, name);
    const choices = countChoices(value);
    several = choices.several;
    if (choices.open > 0) facts.openChoices = choices.open;
    else delete facts.openChoices;
    const error = findError(dialect, value, name, text);
    if (error !== undefined) facts.inBandError ??= error;
  };
  /** Notes the field `error` of the event, or of the end of the stream, unless it says nothing. */
  const settleFailure = (): void => {
    if (failure !== undefined && !saysNothing(parseJson(failure) ?? failure)) facts.inBandError ??= failure;
    failure = undefined;
  };
  const finish = (): void => {
    if (failure) facts.events++;
    settleFailure();
    checkUsage(facts, dialect, several);
    const reason = facts.fields[dialect.finishField];
    if (typeof reason === "string" && isFailure(dialect, reason)) {
      facts.inBandError ??= `finish reason ${reason}`;
    }
    const hasTokens = facts.tokenEvents > 0 || !!facts.tokenBytes;
    const isWhole = facts.ended === "marker" && hasTokens && facts.inBandError === undefined;
    if (isWhole && dialect.finishField !== "" && reason === undefined) facts.noFinishReason = true;
    unread.settle(facts);
  };
  const end = (): true => {
    facts.ended = "marker";
    finish();
    return true;
  };
  return {
    facts,
    gapsMs,
    finish,
    addError(text) {
      failure = text;
    },
    add(data, name, atMs) {
      const text = data.trim();
      if (text === "" && name !== "error" && !failure) return false;
      facts.events++;
      facts.bytes += data.length;
      facts.endMs = atMs;
      const value = parseJson(text);
      if (name === "error" || failure) {
        if (value !== undefined) addValues(value, name, text);
        settleFailure();
        if (name === "error") facts.inBandError ??= text || name;
        return false;
      }
      if (dialect.end.data !== undefined && text === dialect.end.data) return end();
      if (value === undefined) {
        facts.malformedEvents++;
        return false;
      }
      const token = findToken(value, name);
      if (token !== undefined) {
        if (facts.lastTokenMs !== undefined) gapsMs.push(atMs - facts.lastTokenMs);
        countToken(facts, token, atMs, dialect.cumulative);
      }
      addValues(value, name, text);
      if (ends.some((when) => applies(when, value, name))) return end();
      if (token === undefined) unread.look(value);
      return false;
    },
    addDocument(body, atMs) {
      facts.bytes += body.length;
      facts.endMs = atMs;
      const value = parseJson(body.replace(/^\uFEFF/, ""));
      if (value !== undefined) facts.events++;
      addValues(value, "", body);
      const length = measureText(dialect, value);
      facts.tokenBytes = length;
      if (value !== undefined && length === 0) unread.look(value);
      if (facts.inBandError !== undefined || length > 0 || Object.keys(facts.fields).length > 0) {
        end();
        if (wantText) facts.text = findDocumentText(dialect, value);
      } else if (body !== "") facts.body = body.slice(0, BODY_KEPT);
    },
  };
}
