// What a person answered → the flags of a run. Pure.
import { SHAPE_OPTIONS } from "../../../lib/core/options/shape-options.ts";
import { ALL_OPTIONS } from "../../config/option-flags.ts";

export type ServerAnswer =
  | { kind: "url"; url: string }
  /** llama-server, on this machine. */
  | { kind: "start" }
  /** By its name in a configuration file. */
  | { kind: "target"; name: string }
  /** As the top of server-bench.yaml says. */
  | { kind: "as-configured" };

export type ModelAnswer =
  /** As the server or a configuration file calls it. */
  | { kind: "name"; name: string }
  /** For a server that is started: a file, or a repository on Hugging Face. */
  | { kind: "file"; path: string }
  | { kind: "hub"; repo: string }
  /** As the configuration file says, or as the server has it. */
  | { kind: "as-configured" };

export interface Workload {
  name: string;
  description?: string;
  /** The options that it sets, by key. */
  texts: Readonly<Record<string, string>>;
  /** No file and no preset knows the name: its options are given themselves. */
  isUnnamed?: true;
}

export type LoadAnswer =
  /** As the workload says. */
  | { kind: "as-named" }
  /** The workload with other numbers; texts as the options take them. */
  | { kind: "rate"; rate: string; maxConcurrency: string; duration: string; maxTokens: string }
  /** A number of clients, each of which waits for its answer; the workload's prompts and answers. */
  | { kind: "clients"; vus: string; iterations: string; maxTokens: string };

export interface Answers {
  server: ServerAnswer;
  model: ModelAnswer;
  workload: Workload;
  load: LoadAnswer;
}

const flagOf = (key: string) => ALL_OPTIONS[key]?.flag ?? key;

function toServerFlags(server: ServerAnswer): Record<string, string> {
  if (server.kind === "url") return { url: server.url };
  return server.kind === "target" ? { target: server.name } : {};
}

function toModelFlags(model: ModelAnswer): Record<string, string> {
  switch (model.kind) {
    case "name":
      return { model: model.name };
    case "file":
      return { model: model.path };
    case "hub":
      return { "hf-repo": model.repo };
    case "as-configured":
      return {};
  }
}

/** Everything that was typed becomes a flag, even where it equals the workload: a file may differ. */
function toLoadFlags({ name, texts, isUnnamed }: Workload, load: LoadAnswer): Record<string, string> {
  if (load.kind === "as-named") return isUnnamed ? toFlags(texts) : { workload: name };
  const { kind, ...numbers } = load;
  // The schedule goes; the contents of the requests stay.
  const contents = Object.entries(texts).filter(([key]) => !Object.hasOwn(SHAPE_OPTIONS, key));
  const values = kind === "rate" ? numbers : { ...numbers, ...Object.fromEntries(contents), ...numbers };
  return {
    ...(kind === "rate" && { workload: name }),
    ...toFlags(values),
  };
}

function toFlags(texts: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [flagOf(key), text]));
}

/** By flag name, in the order in which they are shown. */
export function toAnswerFlags({ server, model, workload, load }: Answers): Record<string, string> {
  return { ...toServerFlags(server), ...toModelFlags(model), ...toLoadFlags(workload, load) };
}
