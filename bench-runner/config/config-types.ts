// The shapes of what a configuration is resolved from, and of what a run measures.
import type { Values } from "../../lib/core/options/option.ts";
import type { Variables } from "../platform/context.ts";
import type { CommandTarget } from "./command-target.ts";
import type { RUNNER_OPTIONS } from "./runner-options.ts";
import type { ServerCommand } from "./server-command.ts";

export type RunnerValues = Values<typeof RUNNER_OPTIONS>;

/** What the runner measures: a llama-server of its own, a server that a command starts, or one that runs already. */
export type Target =
  | { kind: "start"; model: ModelSource }
  | CommandTarget
  /** `secondUrl`: of two servers at once. */
  | { kind: "url"; url: string; secondUrl?: string };
export type ModelSource = { kind: "file"; path: string } | { kind: "hub"; repo: string; file?: string };

export interface ConfigSources {
  /** By flag name. */
  flags: Readonly<Record<string, string | undefined>>;
  variables: Variables;
  /** Values of a named profile, by option key; they come before the defaults. */
  profile?: Readonly<Record<string, string>>;
  /** What the server reported, by option key; it comes before the defaults, and after a profile. */
  found?: Readonly<Record<string, string>>;
  /** Where the API of a server is, by the address that was given, as the server showed. */
  addresses?: Readonly<Record<string, string>>;
  /** The git branch and commit of the current directory. */
  git?: { branch?: string; commit?: string };
  /** The model served by default: the one that setup fetched. Only a profile has one. */
  fallbackModel?: string;
  /** What configuration files say, by option key; it comes after variables, and before a profile. */
  file?: Readonly<Record<string, string>>;
  /** What files call the workload. */
  workloadName?: string;
  /** What files or the command line call the model. */
  modelName?: string;
  /** How the server is started, where a file defines it; flags and variables that name another server win. */
  command?: ServerCommand;
}
