// What was found on this machine and in configuration files → the servers and models to choose from. Pure.
import { basename } from "node:path";
import { hideUrlSecrets } from "../../../lib/core/apis/url-secrets.ts";
import { formatValue } from "../../../lib/core/units.ts";
import type { ConfigSet, NamedEntry } from "../../config/files/config-set.ts";
import { toPlainLine } from "../../platform/plain-text.ts";
import { cutToWidth } from "../../platform/terminal-text.ts";
import type { ModelAnswer, ServerAnswer } from "./answers.ts";
import type { Choice } from "./asker.ts";
import type { LocalServer } from "./find-local-servers.ts";
import type { ModelFile } from "./find-model-files.ts";

/** `type`: the next question asks for it. */
export type ServerChoice =
  | Exclude<ServerAnswer, { kind: "url" }>
  | { kind: "found"; server: LocalServer }
  | { kind: "type" };
export type ModelChoice = ModelAnswer | { kind: "type-name" } | { kind: "type-file" } | { kind: "type-repo" };

export interface Surroundings {
  servers: LocalServer[];
  files: ModelFile[];
  /** llama-server is installed. */
  canStart: boolean;
  set: ConfigSet;
}

const WIDEST = 60;
/** A router may list hundreds. */
const MOST_MODELS = 50;

/** What servers and files say of themselves may hold anything: on one line, and not too long. */
function toShown(text: string): string {
  return cutToWidth(toPlainLine(text), WIDEST);
}

function describeModels({ models, trouble }: LocalServer): string | undefined {
  if (trouble !== undefined) return "not usable: choose it to see why";
  const [first, ...others] = models;
  if (first === undefined) return undefined;
  return others.length === 0 ? toShown(first) : `${toShown(first)} and ${others.length} more`;
}

function toFoundChoice(server: LocalServer): Choice<ServerChoice> {
  const hint = describeModels(server);
  const name = server.name === undefined ? "" : ` ${toShown(server.name)}`;
  return {
    value: { kind: "found", server },
    label: `${server.url}${name}`,
    ...(hint !== undefined && { hint }),
  };
}

/** "spark: the GPU server". */
function describeEntry({ name, description }: NamedEntry): string {
  return toShown(description === undefined ? name : `${name}: ${description}`);
}

function toConfiguredChoices({ targets, common, files }: ConfigSet): Choice<ServerChoice>[] {
  if (targets.length > 0) {
    return targets.map((target) => {
      const url = target.options.url?.text;
      return {
        value: { kind: "target", name: target.name },
        label: describeEntry(target),
        ...(url !== undefined && { hint: toShown(hideUrlSecrets(url)) }),
      };
    });
  }
  const what = (common.url ?? common.model ?? common.hfRepo)?.text;
  if (what === undefined) return [];
  return [{ value: { kind: "as-configured" }, label: toShown(`as in ${files[0]}: ${hideUrlSecrets(what)}`) }];
}

/** Those that answer, those of configuration files, those in trouble; then what may be started or typed. */
export function toServerChoices({ servers, canStart, files, set }: Surroundings): Choice<ServerChoice>[] {
  const [file] = files;
  const start: Choice<ServerChoice> = {
    value: { kind: "start" },
    label: "start llama-server on this machine",
    hint: file === undefined ? "asks for a model next" : `${toShown(basename(file.path))} is available`,
  };
  return [
    ...servers.filter(({ trouble }) => trouble === undefined).map(toFoundChoice),
    ...toConfiguredChoices(set),
    ...servers.filter(({ trouble }) => trouble !== undefined).map(toFoundChoice),
    ...(canStart ? [start] : []),
    { value: { kind: "type" }, label: "another address" },
  ];
}

/**
 * The models of a server that is running, or that a configuration file names.
 * @param listed what the server lists
 * @param configured the models of the configuration file
 */
export function toModelChoices(
  listed: readonly string[],
  configured: ConfigSet["models"],
  mayLeaveOpen: boolean,
): Choice<ModelChoice>[] {
  const ofServer = listed
    .slice(0, MOST_MODELS)
    .map((name): Choice<ModelChoice> => ({ value: { kind: "name", name }, label: toShown(name) }));
  const ofFile = configured
    .filter(({ name }) => !listed.includes(name))
    .map(
      (model): Choice<ModelChoice> => ({
        value: { kind: "name", name: model.name },
        label: describeEntry(model),
      }),
    );
  const open: Choice<ModelChoice> = { value: { kind: "as-configured" }, label: "the server's own" };
  // With models in the file, none of them chosen would be a question that the run cannot answer.
  return [
    ...ofServer,
    ...ofFile,
    ...(mayLeaveOpen && configured.length === 0 ? [open] : []),
    { value: { kind: "type-name" }, label: "another name" },
  ];
}

/** The models for a server that is started. */
export function toFileChoices(files: readonly ModelFile[]): Choice<ModelChoice>[] {
  const here = files.map(
    ({ path, bytes, isFetched }): Choice<ModelChoice> => ({
      value: { kind: "file", path },
      label: `${toShown(basename(path))}, ${formatValue(bytes, "bytes")}`,
      hint: isFetched ? "a small model that setup fetched" : "in this folder",
    }),
  );
  return [
    ...here,
    { value: { kind: "type-file" }, label: "another GGUF file" },
    { value: { kind: "type-repo" }, label: "a model from Hugging Face", hint: "llama-server downloads it" },
  ];
}
