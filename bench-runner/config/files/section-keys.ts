// The keys of configuration files: how options are written, and which keys an entry of a section takes. Pure.

import { toKebab, toSnake } from "../../../lib/core/key-names.ts";
import { ALL_OPTIONS } from "../option-flags.ts";
import type { Section } from "./config-set.ts";

/** Every way to write the key of an option: maxTokens, max_tokens, max-tokens. */
export function spellingsOf(key: string): string[] {
  const flag = ALL_OPTIONS[key]?.flag;
  return [...new Set([toSnake(key), key, toKebab(key), ...(flag === undefined ? [] : [flag])])];
}

const KEYS_BY_SPELLING = new Map(
  Object.keys(ALL_OPTIONS).flatMap((key) => spellingsOf(key).map((name) => [name, key] as const)),
);

/** The key of the option that is written so; undefined for none. */
export function findOptionKey(name: string): string | undefined {
  return KEYS_BY_SPELLING.get(name);
}

/** Other names of options, as people write them in such files: [name, option key]. */
export const SECTION_ALIASES: Record<Section | "top", Readonly<Record<string, string>>> = {
  targets: { base_url: "url" },
  models: { full_name: "modelAlias" },
  workloads: { rps: "rate" },
  top: { base_url: "url", rps: "rate" },
};

/** Keys that are not options: [name, meaning]. */
export const OWN_KEYS: Record<Section | "top", Readonly<Record<string, string>>> = {
  targets: {
    name: "name for `--target`",
    description: "description, shown in the list of choices",
    api_key_env: "variable that contains the key, so that this file does not",
    start:
      "shell command that starts the server for its runs; `{port}`, `{host}` and `{model}` are filled in",
    stop: "shell command that stops it; default: a signal to its process group",
    ready: "path that answers when the server is ready, or `path` and `timeout`",
    env: "variables for `start`",
  },
  models: {
    name: "name for `--model`",
    description: "description, shown in the list of choices",
  },
  workloads: {
    name: "name for `--workload`",
    description: "description, shown in the list of choices",
    concurrency: "maximum concurrent requests of a load with `rps`, otherwise the number of clients",
  },
  top: {
    targets: "servers to measure",
    models: "models to ask for",
    workloads: "loads to put on them",
    run: "what is measured when the command line names nothing",
    concurrency: "maximum concurrent requests of a load with `rps`, otherwise the number of clients",
  },
};

/** Options of a call, not of what is measured. */
const OF_CALL = ["json", "quiet", "append", "results", "output", "listen", "throughputOnly", "name"];
/** Options that name the server, and how to reach it. */
const OF_SERVER = [
  "url",
  "ab",
  "apiKey",
  "apiKeyFile",
  "caFile",
  "insecure",
  "litellmConfig",
  "host",
  "port",
  "llamaServerPath",
];
const OF_MODEL = ["model", "hfRepo", "hfFile", "modelPathPrefix", "modelAlias"];
/** Options that choose from these files are not allowed in them. */
const CHOICES = ["config", "target"];

const REFUSED: Record<Section | "top", readonly string[]> = {
  targets: [...CHOICES, ...OF_CALL, "workload"],
  models: [...CHOICES, ...OF_CALL, ...OF_SERVER, "workload"],
  workloads: [...CHOICES, ...OF_CALL, ...OF_SERVER, ...OF_MODEL],
  top: CHOICES,
};

/** The options that are allowed in such an entry. */
export function optionsOf(section: Section | "top"): string[] {
  return Object.keys(ALL_OPTIONS).filter(
    (key) => !REFUSED[section].includes(key) && !(section === "targets" && key === "stop"),
  );
}

/** Where an option that is not allowed in an entry belongs: for a message. */
export function placeOf(section: Section | "top", key: string): string {
  if (CHOICES.includes(key)) return `it is given on the command line: \`--${ALL_OPTIONS[key]?.flag ?? key}\``;
  if (OF_CALL.includes(key)) return "it belongs to the top of server-bench.yaml, or on the command line";
  if (OF_SERVER.includes(key)) return "it belongs to a target";
  if (OF_MODEL.includes(key)) return "it belongs to a model, or to a target";
  return section === "workloads" ? "leave it out" : "it belongs to a workload";
}

/** Every name that such an entry may have, best spelling first: for suggestions. */
export function namesOf(section: Section | "top"): string[] {
  return [
    ...Object.keys(OWN_KEYS[section]),
    ...Object.keys(SECTION_ALIASES[section]),
    ...optionsOf(section).map(toSnake),
  ];
}

/** An entry's own key by any of its spellings, as for options. */
export function findOwnKey(section: Section | "top", name: string): string | undefined {
  const snake = toSnake(name).replaceAll("-", "_");
  return Object.hasOwn(OWN_KEYS[section], snake) ? snake : undefined;
}

export function findAlias(section: Section | "top", name: string): string | undefined {
  return SECTION_ALIASES[section][toSnake(name).replaceAll("-", "_")];
}
