// What configuration files say, read and checked but not yet chosen from: targets, models, workloads, and what holds for all.
import type { PlacedText } from "./option-text.ts";
import type { Place } from "./yaml-file.ts";

/** Texts by option key. */
export type PlacedTexts = Record<string, PlacedText>;

export interface NamedEntry {
  name: string;
  place: Place;
  description?: string;
  options: PlacedTexts;
}

export interface TargetEntry extends NamedEntry {
  /** Variable that holds its key. */
  apiKeyEnv?: PlacedText;
  /** What starts it; absent where it runs already, or where llama-server is started. */
  command?: TargetCommand;
}

export interface TargetCommand {
  /** One shell line. */
  start: PlacedText;
  stop?: PlacedText;
  readyPath?: PlacedText;
  readyTimeoutSeconds?: number;
  env: PlacedTexts;
}

export interface WorkloadEntry extends NamedEntry {
  /** `concurrency`: the most requests at a time of a load with a rate, else its clients. */
  concurrency?: PlacedText;
  /** It is written with `rps`, and so has the defaults that go with it. */
  isPaced: boolean;
}

/** Names, or all there are. */
export type Chosen = readonly string[] | "all";

export interface ConfigSet {
  /** The files it was read from, as the user would write them. */
  files: string[];
  /** Which of them has a section. */
  fileOf: Partial<Record<Section, string>>;
  targets: TargetEntry[];
  models: NamedEntry[];
  workloads: WorkloadEntry[];
  /** Options at the top of server-bench.yaml, which hold for every run. */
  common: PlacedTexts;
  /** The `concurrency` there. */
  concurrency?: PlacedText;
  /** Which of them a run takes by default. */
  run: { targets?: Chosen; models?: Chosen; workloads?: Chosen; place?: Place };
}

export const EMPTY_SET: ConfigSet = {
  files: [],
  fileOf: {},
  targets: [],
  models: [],
  workloads: [],
  common: {},
  run: {},
};

export type Section = "targets" | "models" | "workloads";
export const SECTIONS: readonly Section[] = ["targets", "models", "workloads"];
