// Which keys an entry of a section takes: names of its own, and the options that have a place there. Pure.

import { toSnake } from "../../../lib/core/key-names.ts";
import { ALL_OPTIONS } from "../option-flags.ts";
import type { Section } from "./config-set.ts";

/** Other names of options, as people write them in such files: [name, option key]. */
export const SECTION_ALIASES: Record<Section | "top", Readonly<Record<string, string>>> = {
  targets: { base_url: "url" },
  models: { full_name: "modelAlias" },
  workloads: { rps: "rate" },
  top: { base_url: "url", rps: "rate" },
};

/** Keys that are no options: [name, what it means]. */
export const OWN_KEYS: Record<Section | "top", Readonly<Record<string, string>>> = {
  targets: {
    name: "what `--target` calls it",
    description: "for people; shown where there is a choice",
    api_key_env: "variable that holds the key, so that this file does not",
    start: "shell line that starts the server for its runs; `{port}`, `{host}` and `{model}` are filled in",
    stop: "shell line that ends it; default: its process group gets a signal",
    ready: "path that answers when the server is ready, or `path` and `timeout`",
    env: "variables for `start`",
  },
  models: {
    name: "what `--model` calls it",
    description: "for people; shown where there is a choice",
  },
  workloads: {
    name: "what `--workload` calls it",
    description: "for people; shown where there is a choice",
    concurrency: "the most requests at a time of a load with `rps`, else how many clients there are",
  },
  top: {
    targets: "servers to measure",
    models: "models to ask for",
    workloads: "loads to put on them",
    run: "which of them are measured where the command line names none",
    concurrency: "the most requests at a time of a load with `rps`, else how many clients there are",
  },
};

/** Options of a call, not of what is measured. */
const OF_CALL = ["json", "quiet", "append", "output", "listen", "throughputOnly", "name"];
/** Options that say which server is measured, and how to get at it. */
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
/** What chooses from these files cannot stand in them. */
const CHOICES = ["config", "target"];

const REFUSED: Record<Section | "top", readonly string[]> = {
  targets: [...CHOICES, ...OF_CALL, "workload"],
  models: [...CHOICES, ...OF_CALL, ...OF_SERVER, "workload"],
  workloads: [...CHOICES, ...OF_CALL, ...OF_SERVER, ...OF_MODEL],
  top: CHOICES,
};

/** The options that have a place in such an entry. */
export function optionsOf(section: Section | "top"): string[] {
  return Object.keys(ALL_OPTIONS).filter(
    (key) => !REFUSED[section].includes(key) && !(section === "targets" && key === "stop"),
  );
}

/** Where an option belongs that has no place in an entry: for a message. */
export function placeOf(section: Section | "top", key: string): string {
  if (CHOICES.includes(key)) return `it is given on the command line: \`--${ALL_OPTIONS[key]?.flag ?? key}\``;
  if (OF_CALL.includes(key)) return "it belongs to the top of server-bench.yaml, or on the command line";
  if (OF_SERVER.includes(key)) return "it belongs to a target";
  if (OF_MODEL.includes(key)) return "it belongs to a model, or to a target";
  return section === "workloads" ? "leave it out" : "it belongs to a workload";
}

/** Every name that may stand in such an entry, best spelling first: for suggestions. */
export function namesOf(section: Section | "top"): string[] {
  return [
    ...Object.keys(OWN_KEYS[section]),
    ...Object.keys(SECTION_ALIASES[section]),
    ...optionsOf(section).map(toSnake),
  ];
}

/** All spellings of a key of an entry's own, as of options. */
export function findOwnKey(section: Section | "top", name: string): string | undefined {
  const snake = toSnake(name).replaceAll("-", "_");
  return Object.hasOwn(OWN_KEYS[section], snake) ? snake : undefined;
}

export function findAlias(section: Section | "top", name: string): string | undefined {
  return SECTION_ALIASES[section][toSnake(name).replaceAll("-", "_")];
}
