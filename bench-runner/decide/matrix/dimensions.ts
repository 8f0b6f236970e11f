// The dimensions that distinguish runs: model, server, machine, load, workload, mode; each as a text that needs no label.
import { LOAD_OPTIONS } from "../../../lib/core/options/options.ts";
import { toFileName } from "../../platform/file-name.ts";
import { toModelName, toShortName } from "../../summary/model-name.ts";
import type { Summary } from "../../summary/summary.ts";

export const DIMENSIONS = {
  model: { label: "model", of: toModel },
  server: { label: "server", of: toServer },
  machine: {
    label: "machine",
    of: ({ run, environment }) => run.runnerLabel ?? environment?.host ?? "unknown machine",
  },
  workload: { label: "workload", of: toWorkload },
  mode: {
    label: "mode",
    of: ({ configuration }) => String(configuration.values.mode ?? "stream"),
  },
  parallel: { label: "load", of: (summary) => toLoad(summary).text },
} as const satisfies Record<string, { label: string; of: (summary: Summary) => string }>;

export type DimensionKey = keyof typeof DIMENSIONS;

/** The dimensions of the load, as opposed to what is measured: cells that share them can be compared. */
export const LOAD_DIMENSIONS: readonly string[] = ["workload", "mode", "parallel", "task"];

/** The user's own name; else for a server that was already running, the requested name: it may serve several models. */
function toModel(summary: Summary): string {
  const { serverStartedHere, serverName, values, modelName } = summary.configuration;
  if (modelName !== undefined) return toShortName(modelName);
  const { modelAlias: alias } = values;
  const isAsked =
    (!serverStartedHere || serverName !== undefined) &&
    typeof alias === "string" &&
    alias !== LOAD_OPTIONS.modelAlias.default;
  return (isAsked ? toShortName(alias) : toModelName(summary)) ?? "unknown model";
}

/**
 * The target's own name; else "llama-server b10068", "vLLM at 10.0.0.7:8000", for a server command the name in the
 * configuration, or that of the program.
 */
function toServer({ server, configuration, environment }: Summary): string {
  const { serverUrl, serverStartedHere, serverName, values } = configuration;
  if (typeof values.target === "string" && !URL.canParse(values.target)) return values.target;
  const kind = serverName ?? server.kind ?? (serverStartedHere ? "llama-server" : undefined);
  const build = environment?.server?.build;
  if (kind !== undefined && build !== undefined) return `${kind} ${build}`;
  const host = toHost(serverUrl);
  if (kind === undefined) return build === undefined ? host : `${host} ${build}`;
  return serverStartedHere ? kind : `${kind} at ${host}`;
}

/** Host and port. */
export function toHost(url: string): string {
  return URL.canParse(url) ? new URL(url).host : url;
}

/** The workload's own name, or that of the preset; else what it is made of. */
function toWorkload(summary: Summary): string {
  const { workload } = summary.configuration.values;
  return typeof workload === "string" && workload !== "" ? workload : describeWorkload(summary);
}

/** The user's own scenario, and the prompts with their mix or their synthetic lengths. */
export function describeWorkload({ configuration: { values }, run, prompts }: Summary): string {
  const text = (key: string) => (values[key] === undefined ? undefined : String(values[key]));
  const { mix } = values;
  const dataset = values.dataset === undefined ? undefined : toFileName(String(values.dataset));
  const made = text("promptTokens");
  const parts = [
    ["script", "closed", "open"].includes(run.scenario) ? undefined : run.scenario,
    Array.isArray(mix) ? `mix ${mix.join(" ")}` : undefined,
    made === undefined ? (dataset ?? toSource(prompts?.source)) : `${made} prompt tokens`,
    text("outputTokens") && `${text("outputTokens")} output tokens`,
  ].filter((part) => part !== undefined && part !== "");
  return parts.length === 0 ? "default prompts" : parts.join(", ");
}

function toSource(source: string | undefined): string | undefined {
  return source?.replace(/^the project's own prompts$/, "own prompts");
}

export interface Load {
  text: string;
  /** What the number counts; absent if the load is not a number. */
  unit?: "clients" | "requests/s";
  value?: number;
}

/** Clients of a closed loop, the rate of an open one. */
export function toLoad({ configuration: { kind, vus, values } }: Summary): Load {
  const { rate, rateStages, arrivalsFunction, trace, stages } = values;
  if (kind !== "open") {
    if (stages !== undefined) return { text: `up to ${vus} clients in stages` };
    return { text: vus === 1 ? "1 client" : `${vus} clients`, unit: "clients", value: vus };
  }
  if (typeof rate === "number") return { text: `${rate} requests/s`, unit: "requests/s", value: rate };
  if (rateStages !== undefined) return { text: `stages ${toShortText(rateStages)}` };
  if (trace !== undefined) return { text: `trace ${toFileName(String(trace))}` };
  return { text: arrivalsFunction === undefined ? "open loop" : `function ${String(arrivalsFunction)}` };
}

function toShortText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}
