// A YAML file with the place of everything in it: its mappings, lists and values, each with the line for messages.
import { readFileSync } from "node:fs";
import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  type Node,
  parseAllDocuments,
  type YAMLError,
} from "yaml";
import { EXIT } from "../../platform/exit-codes.ts";
import { systemReason, UserError } from "../../platform/user-error.ts";

/** The place of something. */
export interface Place {
  /** As the user would write it. */
  file: string;
  line: number;
}

export type YamlValue =
  | { kind: "map"; place: Place; entries: YamlEntry[] }
  | { kind: "list"; place: Place; items: YamlValue[] }
  /** `source`: a plain value as it is written, `007` for the number 7. `null` is an empty value. */
  | { kind: "value"; place: Place; value: string | number | boolean | null; source: string };

export interface YamlEntry {
  key: string;
  place: Place;
  value: YamlValue;
}

/** @param message one sentence on what is wrong there, and the remedy */
export function errorAt({ file, line }: Place, message: string): UserError {
  return new UserError(`${file}:${line}: ${message}`, EXIT.usage);
}

/** Aliases may nest and are expanded in full; this limit ends a cycle. */
const DEEPEST = 20;
/** So does this one a few lines of aliases that stand for billions of values. */
const MOST_VALUES = 100_000;

/**
 * @param path as the user would write it
 * @throws UserError for a file that cannot be read, is not valid YAML, or is empty
 */
export function readYamlFile(path: string): YamlValue {
  return parseYaml(readText(path), path);
}

/** Pure. @throws UserError */
export function parseYaml(text: string, file: string): YamlValue {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, prettyErrors: false, merge: true });
  const [document, second] = Array.isArray(documents) ? documents : [];
  const placeAt = (offset: number): Place => ({ file, line: Math.max(1, lines.linePos(offset).line) });
  const error: YAMLError | undefined = document?.errors[0];
  if (error !== undefined) {
    const reason = error.message.replace(/\s+/g, " ").replace(/\.$/, "");
    throw errorAt(
      placeAt(error.pos[0]),
      `This is not valid YAML: ${reason}. Correct this line or the one before.`,
    );
  }
  if (second !== undefined) {
    throw errorAt(
      placeAt(second.range[0]),
      "A second document begins here: put everything into one, without `---`.",
    );
  }
  if (document?.contents == null)
    throw errorAt({ file, line: 1 }, "The file is empty. Give it content, or remove it.");
  return toValue(document.contents, { document, placeAt, values: 0 }, 0);
}

function readText(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new UserError(
      `The configuration file \`${path}\` cannot be read: ${systemReason(error)}. Check its path and who may read it.`,
      EXIT.usage,
    );
  }
}

/** What is read, and how far. */
interface Reading {
  document: Document;
  placeAt(offset: number): Place;
  /** Values so far. */
  values: number;
}

function toValue(node: Node, reading: Reading, depth: number): YamlValue {
  const { document } = reading;
  const place = reading.placeAt(node.range?.[0] ?? 0);
  reading.values += 1;
  if (reading.values > MOST_VALUES)
    throw errorAt(place, `There are more than ${MOST_VALUES} values with the aliases expanded: use fewer.`);
  if (depth > DEEPEST)
    throw errorAt(place, `Values are nested more than ${DEEPEST} deep here: flatten them.`);
  if (isAlias(node)) {
    const target = node.resolve(document);
    if (target === undefined)
      throw errorAt(place, `\`*${node.source}\` is undefined: define \`&${node.source}\` before it.`);
    return toValue(target, reading, depth + 1);
  }
  if (isMap(node)) {
    return { kind: "map", place, entries: toEntries(node.items, reading, depth) };
  }
  if (isSeq(node)) {
    const items = node.items.map((item) => toValue(item as Node, reading, depth + 1));
    return { kind: "list", place, items };
  }
  const value = isScalar(node) ? node.value : null;
  const isPlain = value === null || ["string", "number", "boolean"].includes(typeof value);
  const known = isPlain ? (value as string | number | boolean | null) : String(value);
  const source = isScalar(node) && typeof node.source === "string" ? node.source : String(known ?? "");
  return { kind: "value", place, value: known, source };
}

interface PairLike {
  key: unknown;
  value: unknown;
}

/** The entries of a mapping, then those that `<<` merges in. */
function toEntries(pairs: readonly PairLike[], reading: Reading, depth: number): YamlEntry[] {
  const [own, merged]: [YamlEntry[], YamlEntry[]] = [[], []];
  for (const pair of pairs) {
    const keyNode = pair.key as Node;
    const key = toValue(keyNode, reading, depth + 1);
    if (key.kind !== "value") throw errorAt(key.place, "A key must be a word, not a list or a mapping.");
    const value: YamlValue =
      pair.value === null || pair.value === undefined
        ? { kind: "value", place: key.place, value: null, source: "" }
        : toValue(pair.value as Node, reading, depth + 1);
    if (key.source !== "<<") {
      own.push({ key: key.source, place: key.place, value });
      continue;
    }
    for (const map of value.kind === "list" ? value.items : [value]) {
      if (map.kind !== "map") throw errorAt(key.place, "`<<` takes a mapping, such as `<<: *common`.");
      merged.push(...map.entries);
    }
  }
  const seen = new Set(own.map(({ key }) => key));
  for (const entry of merged) {
    if (seen.has(entry.key)) continue;
    seen.add(entry.key);
    own.push(entry);
  }
  return own;
}
