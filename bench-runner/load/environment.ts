// The environment of a run: host, CPU, GPU, programs, server, model and git commit; unknown facts are left out.
import { readFileSync } from "node:fs";
import { arch, cpus, hostname, platform, release, totalmem, type } from "node:os";
import { runCommand } from "../platform/processes.ts";
import type { K6Program } from "../platform/programs.ts";
import { inProject } from "../platform/project-root.ts";
import type { EnvironmentFile } from "../run-folder/run-files.ts";
import { objectsIn, textOf } from "../servers/discover/answers.ts";
import type { ServerReader } from "../servers/metrics/server-metrics.ts";
import { fingerprintModel } from "../servers/start/model-file.ts";

/** Branch and commit of the folder; empty outside a repository or without git. */
export async function readGit(folder: string): Promise<{ branch?: string; commit?: string }> {
  const { exitCode, stdout } = await runCommand("git", ["rev-parse", "HEAD", "--abbrev-ref", "HEAD"], {
    cwd: folder,
  });
  const [commit, branch] = exitCode === 0 ? stdout.trim().split("\n") : [];
  return { ...(branch !== undefined && { branch }), ...(commit !== undefined && { commit }) };
}

/** The lines of `nvidia-smi --query-gpu=name,memory.total,driver_version --format=csv,noheader,nounits`. Pure. */
export function parseGpus(text: string): NonNullable<EnvironmentFile["gpus"]> {
  return text
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [name = "", memory = "", driver = ""] = line.split(",").map((part) => part.trim());
      const memoryMiB = Number(memory);
      return {
        name,
        ...(memory !== "" && Number.isFinite(memoryMiB) && { memoryMiB }),
        ...(driver !== "" && { driver }),
      };
    });
}

async function readGpus(): Promise<EnvironmentFile["gpus"]> {
  const query = ["--query-gpu=name,memory.total,driver_version", "--format=csv,noheader,nounits"];
  const { exitCode, stdout } = await runCommand("nvidia-smi", query, { timeoutMs: 5_000 });
  const gpus = exitCode === 0 ? parseGpus(stdout) : [];
  return gpus.length > 0 ? gpus : undefined;
}

function readOs(): string {
  if (platform() !== "linux") return `${type()} ${release()}`;
  try {
    const text = readFileSync("/etc/os-release", "utf8");
    return /^PRETTY_NAME="?([^"\n]*)"?$/m.exec(text)?.[1] ?? "Linux";
  } catch {
    return "Linux";
  }
}

/** This project's own version. */
export function readOwnVersion(): string {
  try {
    const text = readFileSync(inProject("package.json"), "utf8");
    return String((JSON.parse(text) as { version?: string }).version);
  } catch {
    return "unknown version";
  }
}

type ServerFacts = NonNullable<EnvironmentFile["server"]>;

/** Facts from /props and /v1/models, of llama-server or another server; empty without them. Pure. */
export function toServerFacts(props: Record<string, unknown> | undefined, models: unknown): ServerFacts {
  const number = (value: unknown) => (typeof value === "number" ? value : undefined);
  const settings = props?.default_generation_settings as { n_ctx?: unknown } | undefined;
  // Together's answer is the list itself.
  const list = Array.isArray(models) ? models : (models as { data?: unknown } | undefined)?.data;
  const names = objectsIn(list).flatMap(({ id }) => textOf(id) ?? []);
  const facts = {
    build: textOf(props?.build_info),
    models: names.length > 0 ? names : undefined,
    slots: number(props?.total_slots),
    contextPerSlot: number(settings?.n_ctx),
    modelPath: textOf(props?.model_path),
  };
  return Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined));
}

export async function readServerFacts(reader: ServerReader): Promise<ServerFacts> {
  const [props, models] = await Promise.all([reader.json("/props"), reader.json("/v1/models")]);
  return toServerFacts(props, models);
}

/**
 * @param modelPath the model file, if it is on this machine
 * @param git branch and commit of the measured code
 */
export async function readEnvironment(known: {
  k6: K6Program;
  server: ServerFacts;
  modelPath: string | undefined;
  git: { branch?: string; commit?: string };
}): Promise<EnvironmentFile> {
  const [gpus, model] = await Promise.all([
    readGpus(),
    known.modelPath === undefined ? undefined : fingerprintModel(known.modelPath),
  ]);
  const processors = cpus();
  const cpuModel = processors[0]?.model.trim();
  return {
    schema: "server-bench/environment/1",
    host: hostname(),
    os: readOs(),
    kernel: release(),
    architecture: arch(),
    cpu: { logicalCores: processors.length, ...(cpuModel && { model: cpuModel }) },
    memoryBytes: totalmem(),
    ...(gpus && { gpus }),
    node: process.version,
    serverBench: readOwnVersion(),
    k6: known.k6,
    ...(Object.keys(known.server).length > 0 && { server: known.server }),
    ...(model && { model }),
    ...(Object.keys(known.git).length > 0 && { git: known.git }),
  };
}
