// The sections of configuration files: lists of targets, models and workloads, each entry with a name. Pure.

import { SHAPE_OPTIONS } from "../../../lib/core/options/shape-options.ts";
import { parseSeconds } from "../../../lib/core/parse-seconds.ts";
import { RUNNER_OPTIONS } from "../runner-options.ts";
import type { NamedEntry, Section, TargetCommand, TargetEntry, WorkloadEntry } from "./config-set.ts";
import { checkText, hasReference, type PlacedText } from "./option-text.ts";
import { type ReadEntry, readEntry, toOwnText, WHAT } from "./read-entry.ts";
import { errorAt, type YamlEntry, type YamlValue } from "./yaml-file.ts";

/** @throws UserError */
export function readTargets(value: YamlValue): TargetEntry[] {
  return readList("targets", value).map(({ read, ...named }) => {
    const apiKeyEnv = toOwnText(read.own.get("api_key_env"), "MY_API_KEY");
    const command = readCommand(read);
    if (apiKeyEnv !== undefined && read.options.apiKey !== undefined) {
      throw errorAt(apiKeyEnv.place, "`api_key` and `api_key_env` each say what the key is. Leave one out.");
    }
    const other = ["engine", "serverCommand"]
      .map((key) => read.options[key])
      .find((text) => text !== undefined);
    if (command !== undefined && other !== undefined) {
      throw errorAt(
        other.place,
        `\`${other.key}\` and \`start\` each say how the server is started. Leave one out.`,
      );
    }
    return { ...named, ...(apiKeyEnv && { apiKeyEnv }), ...(command && { command }) };
  });
}

/** @throws UserError */
export function readModels(value: YamlValue): NamedEntry[] {
  return readList("models", value).map(({ read: _, ...named }) => named);
}

/** @throws UserError */
export function readWorkloads(value: YamlValue): WorkloadEntry[] {
  return readList("workloads", value).map(({ read, ...named }) => {
    const concurrency = readConcurrency(read.own.get("concurrency"));
    const isPaced = named.options.rate?.key.toLowerCase() === "rps";
    return { ...named, isPaced, ...(concurrency && { concurrency }) };
  });
}

/** @throws UserError for no whole number above 0 */
export function readConcurrency(entry: YamlEntry | undefined): PlacedText | undefined {
  const placed = toOwnText(entry, "10");
  if (placed !== undefined && !hasReference(placed.text)) checkText(SHAPE_OPTIONS.vus, placed);
  return placed;
}

function readList(section: Section, value: YamlValue): (NamedEntry & { read: ReadEntry })[] {
  if (value.kind === "value" && value.value === null) return [];
  if (value.kind !== "list") {
    throw errorAt(value.place, `\`${section}\` is a list: each entry begins with \`- name: …\`.`);
  }
  const lines = new Map<string, number>();
  return value.items.map((item) => {
    const read = readEntry(section, item);
    const name = readName(section, read, item);
    const line = lines.get(name);
    if (line !== undefined) {
      throw errorAt(
        item.place,
        `The ${section.slice(0, -1)} \`${name}\` is already defined in line ${line}: give this one another name.`,
      );
    }
    lines.set(name, item.place.line);
    const description = toOwnText(read.own.get("description"), "what it is")?.text;
    return {
      name,
      place: item.place,
      options: read.options,
      read,
      ...(description !== undefined && { description }),
    };
  });
}

function readName(section: Section, { own }: ReadEntry, item: YamlValue): string {
  const name = toOwnText(own.get("name"), "local")?.text.trim();
  if (name === undefined || name === "") {
    throw errorAt(item.place, `Expected ${WHAT[section]} to have a name: add \`name: …\`.`);
  }
  // What the command line would read as something else.
  if (name === "all" || name.includes(",") || name.startsWith("-")) {
    throw errorAt(
      item.place,
      `\`${name}\` cannot be a name: \`all\`, commas and a dash at the beginning have other meanings. Choose another.`,
    );
  }
  return name;
}

function readCommand({ own }: ReadEntry): TargetCommand | undefined {
  const [ready, env] = [own.get("ready"), own.get("env")];
  const start = toOwnText(own.get("start"), "vllm serve MODEL --port 8000");
  if (start === undefined) {
    const lonely = own.get("stop") ?? ready ?? env;
    if (lonely === undefined) return undefined;
    const words = lonely.key === "stop" ? " Stop sequences belong to a model or a workload." : "";
    throw errorAt(
      lonely.place,
      `\`${lonely.key}\` is for a server that \`start\` starts: add \`start: …\`, or leave it out.${words}`,
    );
  }
  const stop = toOwnText(own.get("stop"), "docker stop vllm");
  return { start, env: readEnv(env), ...readReady(ready), ...(stop && { stop }) };
}

function readEnv(entry: YamlEntry | undefined): Record<string, PlacedText> {
  if (entry === undefined) return {};
  const { value } = entry;
  if (value.kind !== "map")
    throw errorAt(value.place, '`env` is a mapping, such as `CUDA_VISIBLE_DEVICES: "0"`.');
  return Object.fromEntries(
    value.entries.map((one) => [
      one.key,
      toOwnText(one, "0") ?? { text: "", key: one.key, place: one.place },
    ]),
  );
}

function readReady(entry: YamlEntry | undefined): Pick<TargetCommand, "readyPath" | "readyTimeoutSeconds"> {
  if (entry === undefined) return {};
  if (entry.value.kind !== "map") return toPath(toOwnText(entry, "/health"));
  let found: Pick<TargetCommand, "readyPath" | "readyTimeoutSeconds"> = {};
  for (const one of entry.value.entries) {
    const placed = toOwnText(one, "/health");
    if (one.key === "path") found = { ...found, ...toPath(placed) };
    else if (one.key === "timeout") {
      if (placed === undefined) continue;
      checkText(RUNNER_OPTIONS.readyTimeout, placed);
      found = { ...found, readyTimeoutSeconds: parseSeconds(placed.text) as number };
    } else
      throw errorAt(
        one.place,
        `Unknown key \`${one.key}\` of \`ready\`. Its keys are \`path\` and \`timeout\`.`,
      );
  }
  return found;
}

function toPath(placed: PlacedText | undefined): { readyPath?: PlacedText } {
  if (placed === undefined) return {};
  if (!placed.text.startsWith("/")) {
    throw errorAt(
      placed.place,
      `\`ready\` is a path of the server, such as \`/health\`, got \`${placed.text}\`.`,
    );
  }
  return { readyPath: placed };
}
