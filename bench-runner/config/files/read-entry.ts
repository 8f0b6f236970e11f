// One entry of a configuration file: its own keys and its options; anything else is refused with its place. Pure.
import { ALL_OPTIONS } from "../option-flags.ts";
import { suggest } from "./closest-name.ts";
import type { PlacedTexts, Section } from "./config-set.ts";
import { toOptionText } from "./option-text.ts";
import { findAlias, findOptionKey, findOwnKey, namesOf, optionsOf, placeOf } from "./section-keys.ts";
import { errorAt, type YamlEntry, type YamlValue } from "./yaml-file.ts";

/** The words of messages. */
export const WHAT: Record<Section | "top", string> = {
  targets: "a target",
  models: "a model",
  workloads: "a workload",
  top: "server-bench.yaml",
};

export interface ReadEntry {
  options: PlacedTexts;
  /** Values of keys that are not options, by name. */
  own: Map<string, YamlEntry>;
}

/** @throws UserError for a key that is unknown, misplaced or repeated, and for a value that does not fit */
export function readEntry(section: Section | "top", value: YamlValue): ReadEntry {
  if (value.kind !== "map") {
    throw errorAt(
      value.place,
      `Expected ${WHAT[section]} with \`key: value\` lines, such as \`name: …\`, got a ${value.kind}.`,
    );
  }
  const [options, own]: [PlacedTexts, Map<string, YamlEntry>] = [{}, new Map()];
  const allowed = optionsOf(section);
  for (const entry of value.entries) {
    const ownKey = findOwnKey(section, entry.key);
    if (ownKey !== undefined) {
      refuseTwice(own.get(ownKey), entry);
      own.set(ownKey, entry);
      continue;
    }
    const key = findAlias(section, entry.key) ?? findOptionKey(entry.key);
    const spec = key === undefined ? undefined : ALL_OPTIONS[key];
    if (key === undefined || spec === undefined) throw toUnknownKey(section, entry);
    if (!allowed.includes(key)) {
      throw errorAt(
        entry.place,
        `\`${entry.key}\` has no place in ${WHAT[section]}: ${placeOf(section, key)}.`,
      );
    }
    const text = toOptionText(spec, entry.key, entry.value);
    if (text === undefined) continue;
    refuseTwice(options[key] && { key: options[key].key, place: options[key].place }, entry);
    options[key] = text;
  }
  return { options, own };
}

function toUnknownKey(section: Section | "top", { key, place }: YamlEntry): Error {
  const hint = suggest(key, namesOf(section));
  const remedy = hint === "" ? " Leave it out; `--help` lists the options, docs/schemas/ all keys." : hint;
  return errorAt(place, `Unknown key \`${key}\` of ${WHAT[section]}.${remedy}`);
}

function refuseTwice(before: Pick<YamlEntry, "key" | "place"> | undefined, { key, place }: YamlEntry): void {
  if (before === undefined) return;
  throw errorAt(place, `\`${key}\` repeats \`${before.key}\` in line ${before.place.line}. Leave one out.`);
}

/** The text of an entry's own key; undefined without a value. @throws UserError for a list or a mapping */
export function toOwnText(
  entry: YamlEntry | undefined,
  example: string,
): { text: string; key: string; place: YamlEntry["place"] } | undefined {
  if (entry === undefined) return undefined;
  const { key, value } = entry;
  if (value.kind !== "value") throw errorAt(value.place, `\`${key}\` is one text, such as \`${example}\`.`);
  if (value.value === null) return undefined;
  const text = typeof value.value === "number" ? value.source : String(value.value);
  return { text, key, place: value.place };
}
