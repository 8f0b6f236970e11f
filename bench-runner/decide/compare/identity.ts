// What a run measured: load, prompts, model, server, machine, tool. Two runs can be compared only if these are equal,
// except for what the comparison is about.
import { createHash } from "node:crypto";
import { createReadStream, existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { OptionSpec, OptionValue } from "../../../lib/core/options/option.ts";
import { LOAD_OPTIONS } from "../../../lib/core/options/options.ts";
import { SHAPE_OPTIONS } from "../../../lib/core/options/shape-options.ts";
import { RUNNER_OPTIONS } from "../../config/runner-options.ts";
import { SERVER_SETTINGS } from "../../config/server-settings.ts";
import { toFileName } from "../../platform/file-name.ts";
import { RUN_FILES } from "../../run-folder/run-files.ts";
import { toMainSource } from "../../summary/stamp-sources.ts";
import type { Summary } from "../../summary/summary.ts";

export const IDENTITY_GROUPS = ["load", "prompts", "model", "server", "machine", "tool", "run"] as const;
export type IdentityGroup = (typeof IDENTITY_GROUPS)[number];

export interface Identity {
  /** The name for `--allow`: the flag of an option, or a name such as `server-build`. */
  key: string;
  group: IdentityGroup;
  /** As shown to people. */
  value: string;
  /** If both sides have one, it decides instead of the values. */
  fingerprint?: string;
  /** Compared only if the fingerprint of this key differs or is unknown for one side. */
  detailOf?: "prompts" | "arrivals";
}

type Options = Record<string, OptionSpec>;
const LOAD: Options = { ...LOAD_OPTIONS, ...SHAPE_OPTIONS };

/** Names, and options that only judge a run. (Goodput is compared only for equal objectives: see side-estimates.ts.) */
const NEVER: readonly string[] = [
  "url",
  "apiKey",
  "modelAlias",
  "truncatedLimit",
  "itlSamples",
  "slo",
  "require",
  "abortOn",
];
/** Sources of prompts: the fingerprint of the prompts decides whether they are the same. */
const PROMPT_SOURCES: readonly string[] = [
  "dataset",
  "datasetFormat",
  "datasetColumn",
  "allowPartial",
  "nPrompts",
  "order",
  "mix",
  "tokenizer",
  "maxPromptTokens",
  "maxContext",
  "promptType",
  "promptTokens",
  "prefixTokens",
  "prefixGroups",
];
/** Sources of a schedule. */
const ARRIVAL_SOURCES: readonly string[] = [
  "trace",
  "traceFormat",
  "arrivalsFunction",
  "functionStep",
  "timeStep",
];
const NAMES = [
  "scenario",
  "kind",
  "prompts",
  "arrivals-schedule",
  "model",
  "server-host",
  "server-kind",
  "server-build",
  "server-slots",
  "server-context",
  "cpu",
  "memory",
  "gpus",
  "stamps",
  "partial",
];

/** All names that `--allow` accepts. */
export const ALLOWABLE: readonly string[] = [
  ...IDENTITY_GROUPS,
  ...NAMES,
  ...Object.entries(LOAD).flatMap(([key, { flag }]) => (NEVER.includes(key) || !flag ? [] : [flag])),
  ...SERVER_SETTINGS.map((key) => RUNNER_OPTIONS[key].flag),
];

/** Fingerprints of the files that a run's load was made from. */
export interface IdentityFiles {
  /** A hash of the prompts, in the order they were sent. */
  promptsSha256?: string;
  /** A hash of the times at which requests were due. */
  scheduleSha256?: string;
}

/**
 * The rows of the other repeats follow from the first one's seed: all of them have its fingerprint.
 * @param folder of a run; repeats of earlier versions have these files one folder above
 */
export async function readIdentityFiles(folder: string): Promise<IdentityFiles> {
  const [promptsSha256, scheduleSha256] = await Promise.all([
    hashFile(folder, RUN_FILES.prompts),
    hashFile(folder, RUN_FILES.schedule),
  ]);
  return { ...(promptsSha256 && { promptsSha256 }), ...(scheduleSha256 && { scheduleSha256 }) };
}

async function hashFile(folder: string, name: string): Promise<string | undefined> {
  const first = /^repeat-\d+$/.test(basename(folder)) ? [join(dirname(folder), "repeat-1", name)] : [];
  const path = [...first, join(folder, name), join(dirname(folder), name)].find((known) => existsSync(known));
  if (path === undefined) return undefined;
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path)) hash.update(chunk as Buffer);
  return hash.digest("hex");
}

/** A missing option counts as its default, so that options added later change nothing. */
export function toIdentity(summary: Summary, files: IdentityFiles): Identity[] {
  return [
    ...toLoad(summary),
    ...toPrompts(summary, files),
    ...toModel(summary),
    ...toServer(summary),
    ...toMachine(summary),
    ...toTool(summary),
  ];
}

function toLoad({ run, configuration }: Summary): Identity[] {
  const { values, kind } = configuration;
  return [
    { key: "scenario", group: "load", value: run.scenario },
    { key: "kind", group: "load", value: kind },
    ...Object.entries(LOAD).flatMap(([key, spec]): Identity[] => {
      if (NEVER.includes(key)) return [];
      const value = toText(values[key] ?? spec.default);
      const detailOf = PROMPT_SOURCES.includes(key)
        ? ("prompts" as const)
        : ARRIVAL_SOURCES.includes(key)
          ? ("arrivals" as const)
          : undefined;
      const group = detailOf === "prompts" ? "prompts" : "load";
      return value === undefined
        ? []
        : [{ key: spec.flag ?? key, group, value, ...(detailOf && { detailOf }) }];
    }),
  ];
}

function toPrompts({ prompts }: Summary, { promptsSha256, scheduleSha256 }: IdentityFiles): Identity[] {
  const found: Identity[] = [];
  if (promptsSha256 !== undefined) {
    const what = prompts ? `${prompts.rows} rows of ${prompts.source}` : "prompts";
    found.push({
      key: "prompts",
      group: "prompts",
      fingerprint: promptsSha256,
      value: `${what} (${promptsSha256.slice(0, 12)})`,
    });
  }
  if (scheduleSha256 !== undefined) {
    found.push({
      key: "arrivals-schedule",
      group: "load",
      fingerprint: scheduleSha256,
      value: scheduleSha256.slice(0, 12),
    });
  }
  return found;
}

function toModel({ environment, configuration }: Summary): Identity[] {
  const { model, server } = environment ?? {};
  const hash = model?.sha256 ?? model?.sha256OfSizeAndEnds;
  const names = server?.models ?? [toText(configuration.values.modelAlias)];
  const name = toFileName(model?.path ?? names.filter(Boolean).join(", "));
  if (name === "" && hash === undefined) return [];
  const value = hash === undefined ? name : `${name} (${hash.slice(0, 12)})`;
  return [{ key: "model", group: "model", value, ...(hash && { fingerprint: hash }) }];
}

function toServer({ environment, configuration, server }: Summary): Identity[] {
  const { values, serverStartedHere, serverName, serverUrl } = configuration;
  const known = (key: string, value: OptionValue | undefined): Identity[] =>
    value === undefined ? [] : [{ key, group: "server", value: String(value) }];
  const host = serverStartedHere ? "this machine" : toHost(serverUrl);
  return [
    ...known("server-host", host),
    ...known("server-kind", server.kind ?? serverName),
    ...known("server-command", values.serverCommand as OptionValue | undefined),
    ...known("server-build", environment?.server?.build),
    ...known("server-slots", environment?.server?.slots),
    ...known("server-context", environment?.server?.contextPerSlot),
    ...(serverStartedHere && serverName === undefined
      ? SERVER_SETTINGS.flatMap((key) =>
          // Without a value the server chooses: that differs from every value.
          known(
            RUNNER_OPTIONS[key].flag,
            toText(values[key] ?? (RUNNER_OPTIONS[key] as OptionSpec).default) ?? "the server's own",
          ),
        )
      : []),
  ];
}

/** The port of a server on this machine does not matter. */
function toHost(url: string): string | undefined {
  const { hostname } = URL.parse(url) ?? {};
  return hostname && /^(localhost|127\.[\d.]+|\[::1\])$/.test(hostname) ? "this machine" : hostname;
}

function toMachine({ environment }: Summary): Identity[] {
  if (environment === undefined) return [];
  const { cpu, memoryBytes, gpus, architecture } = environment;
  const gpu = (gpus ?? []).map(({ name, memoryMiB }) => (memoryMiB ? `${name} ${memoryMiB} MiB` : name));
  return [
    { key: "cpu", group: "machine", value: `${cpu.model ?? architecture}, ${cpu.logicalCores} cores` },
    { key: "memory", group: "machine", value: `${Math.round(memoryBytes / 2 ** 30)} GiB` },
    { key: "gpus", group: "machine", value: gpu.join(", ") || "none" },
  ];
}

/** The source of most time stamps is part of the measurement; the rest are warnings. */
function toTool({ precision }: Summary): Identity[] {
  const source = toMainSource(precision.stamps);
  return source === undefined ? [] : [{ key: "stamps", group: "tool", value: source }];
}

function toText(value: OptionValue | undefined): string | undefined {
  return value === undefined ? undefined : typeof value === "object" ? value.join(" ") : String(value);
}
