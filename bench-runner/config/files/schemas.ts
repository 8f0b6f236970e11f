// JSON Schemas of the configuration files, for editors, made from the option table. Pure.

import { toSnake } from "../../../lib/core/key-names.ts";
import type { OptionSpec } from "../../../lib/core/options/option.ts";
import { PRESETS } from "../../../lib/core/options/presets.ts";
import { ALL_OPTIONS } from "../option-flags.ts";
import { SECTIONS, type Section } from "./config-set.ts";
import { OWN_KEYS, optionsOf, SECTION_ALIASES, spellingsOf } from "./section-keys.ts";

export type Schema = { [key: string]: unknown };

/** The names of the schemas in docs/schemas. */
export const CONFIG_SCHEMAS = ["server-bench", ...SECTIONS] as const;
export type ConfigSchema = (typeof CONFIG_SCHEMAS)[number];

const REFERENCE = { $ref: "#/$defs/reference" };

/** What a value may be: its own kind, or the name of a variable instead. */
const KINDS: Record<OptionSpec["kind"], Schema> = {
  count: { anyOf: [{ type: "integer", minimum: 1 }, REFERENCE] },
  whole: { anyOf: [{ type: "integer", minimum: 0 }, REFERENCE] },
  number: { anyOf: [{ type: "number" }, REFERENCE] },
  positive: { anyOf: [{ type: "number", exclusiveMinimum: 0 }, REFERENCE] },
  share: { anyOf: [{ type: "number", minimum: 0, maximum: 1 }, REFERENCE] },
  seconds: {
    anyOf: [
      { type: "number", minimum: 0 },
      { type: "string", pattern: "^(\\d+(\\.\\d+)?(ms|s|m|h|d)?)+$", examples: ["90", "5m", "1h30m"] },
      REFERENCE,
    ],
  },
  text: { type: ["string", "number"] },
  path: { type: "string", minLength: 1 },
  url: { anyOf: [{ type: "string", pattern: "^https?://[^\\s/]+" }, REFERENCE] },
  words: {
    anyOf: [{ type: "string" }, { type: "array", items: { type: ["string", "number", "boolean"] } }],
  },
  switch: { anyOf: [{ type: "boolean" }, { enum: [0, 1] }, REFERENCE] },
  stages: { type: "string" },
  distribution: { anyOf: [{ type: "integer", minimum: 1 }, { type: "string" }] },
  json: { type: ["object", "array", "string"] },
  choice: {},
};

/** Options whose list may be a mapping: name by name. */
const MAPPINGS = ["headers", "serverEnv"];

function toOptionSchema(key: string, spec: OptionSpec): Schema {
  const kind =
    spec.kind === "choice"
      ? { anyOf: [{ enum: [...(spec.choices ?? [])] }, REFERENCE] }
      : MAPPINGS.includes(key)
        ? { anyOf: [...(KINDS.words.anyOf as Schema[]), { type: "object" }] }
        : KINDS[spec.kind];
  return {
    description: ALL_OPTIONS[key]?.text,
    ...kind,
    ...(spec.default !== undefined && !spec.secret && { default: spec.default }),
  };
}

const refTo = (key: string): Schema => ({ $ref: `#/$defs/options/${key}` });

/** The schema of a key that is not an option. */
function toOwnSchema(name: string, description: string): Schema {
  const text = { type: ["string", "number"] };
  const shapes: Record<string, Schema> = {
    concurrency: KINDS.count,
    env: { type: "object", additionalProperties: { type: ["string", "number", "boolean"] } },
    ready: {
      anyOf: [
        { type: "string", pattern: "^/" },
        {
          type: "object",
          properties: { path: { type: "string", pattern: "^/" }, timeout: KINDS.seconds },
          additionalProperties: false,
        },
      ],
    },
    targets: { type: "array", items: { $ref: "#/$defs/targets" } },
    models: { type: "array", items: { $ref: "#/$defs/models" } },
    workloads: { type: "array", items: { $ref: "#/$defs/workloads" } },
    run: {
      type: "object",
      properties: Object.fromEntries(SECTIONS.map((section) => [section, { $ref: "#/$defs/chosen" }])),
      additionalProperties: false,
    },
  };
  return { description, ...(shapes[name] ?? text) };
}

/** The best spelling as a property, which editors propose; the others as patterns, which they accept. */
function toEntrySchema(section: Section | "top"): Schema {
  const keys = optionsOf(section);
  const own = Object.entries(OWN_KEYS[section]).map(
    ([name, text]) => [name, toOwnSchema(name, text)] as const,
  );
  const aliases = Object.entries(SECTION_ALIASES[section]).map(([name, key]) => [name, refTo(key)] as const);
  const options = keys.map((key) => [toSnake(key), refTo(key)] as const);
  const others = keys.flatMap((key) => {
    const rest = spellingsOf(key).filter((name) => name !== toSnake(key));
    return rest.length === 0 ? [] : [[`^(${rest.join("|")})$`, refTo(key)] as const];
  });
  return {
    type: "object",
    properties: Object.fromEntries([...own, ...aliases, ...options]),
    patternProperties: Object.fromEntries(others),
    additionalProperties: false,
    ...(section !== "top" && { required: ["name"] }),
  };
}

const CHOSEN: Schema = {
  anyOf: [{ const: "all" }, { type: "string" }, { type: "array", items: { type: "string" }, minItems: 1 }],
};

/** The schema of a configuration file, as a plain value. */
function toConfigSchema(name: ConfigSchema): Schema {
  const sections = name === "server-bench" ? SECTIONS : [name];
  const used = new Set((name === "server-bench" ? ["top" as const, ...SECTIONS] : [name]).flatMap(optionsOf));
  const options = Object.fromEntries(
    Object.entries(ALL_OPTIONS)
      .filter(([key]) => used.has(key))
      .map(([key, spec]) => [key, toOptionSchema(key, spec)]),
  );
  // Here a name may also be one of the user's own only where it says so.
  if (options.workload !== undefined) options.workload.anyOf = [{ enum: Object.keys(PRESETS) }, REFERENCE];
  const top =
    name === "server-bench"
      ? toEntrySchema("top")
      : {
          type: "object",
          properties: { [name]: toOwnSchema(name, OWN_KEYS.top[name] as string) },
          required: [name],
          additionalProperties: false,
        };
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    $id: `${name}.schema.json`,
    title: name === "server-bench" ? "server-bench.yaml" : `${name}.yaml of server-bench`,
    description: "Keys are the options of the command line, as max_tokens, max-tokens or maxTokens.",
    ...top,
    $defs: {
      reference: {
        type: "string",
        pattern: "\\$\\{\\w+(:-[^}]*)?\\}",
        description: "the value of a variable, by its name",
      },
      chosen: CHOSEN,
      ...Object.fromEntries(sections.map((section) => [section, toEntrySchema(section)])),
      options,
    },
  };
}

/** The text of the file in docs/schemas. */
export function toConfigSchemaText(name: ConfigSchema): string {
  return `${JSON.stringify(toConfigSchema(name), null, 1)}\n`;
}
