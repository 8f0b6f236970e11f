// The programs that a run needs or can use: whether they are installed, and whether they start.
import { parseGpus } from "../../load/environment.ts";
import { runCommand } from "../../platform/processes.ts";
import { findK6, findLlamaServer } from "../../platform/programs.ts";
import { UserError } from "../../platform/user-error.ts";
import type { DoctorContext, Finding } from "./finding.ts";

const NEEDED_NODE = [22, 12] as const;
const NEEDED_GO = [1, 21] as const;
const LIMIT_MS = 8_000;

function isAtLeast(version: string, [major, minor]: readonly [number, number]): boolean {
  const [, ownMajor, ownMinor] = /(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(ownMajor) > major || (Number(ownMajor) === major && Number(ownMinor) >= minor);
}

/**
 * @param version "24.9.0"
 * @param started that of the Node that the launcher was started with, where it chose the project's own instead
 */
export function judgeNode(version: string, started?: string): Finding {
  if (isAtLeast(version, NEEDED_NODE)) {
    const own =
      started === undefined
        ? ""
        : `, the project's own, because the \`node\` of your PATH is ${started}, older than ${NEEDED_NODE.join(".")}`;
    return { status: "ok", text: version + own };
  }
  return {
    status: "fail",
    text: `${version} is older than ${NEEDED_NODE.join(".")}`,
    remedy: "Start with `node bench-runner`, which uses the project's own Node, or install a newer one.",
  };
}

export async function checkNode({ variables }: DoctorContext): Promise<Finding> {
  return judgeNode(process.versions.node, variables.SERVER_BENCH_STARTED_NODE || undefined);
}

/** @param output of `go env GOVERSION`; undefined where Go is not installed */
export function judgeGo(output: string | undefined): Finding {
  const why = "only building k6 needs it, and setup fetches one";
  if (output === undefined) return { status: "absent", text: `not on PATH: ${why}` };
  const version = output.trim().replace(/^go/, "");
  if (isAtLeast(version, NEEDED_GO)) return { status: "ok", text: version };
  return { status: "absent", text: `${version || "unknown version"} is too old: ${why}` };
}

export async function checkGo(): Promise<Finding> {
  const { exitCode, stdout } = await runCommand("go", ["env", "GOVERSION"], { timeoutMs: LIMIT_MS });
  return judgeGo(exitCode === 0 ? stdout : undefined);
}

/** "The k6 binary … is missing (…). Run `npm run setup` …": what is wrong, and what to do. Pure. */
export function splitRemedy(message: string): { text: string; remedy?: string } {
  const [, text, remedy] = /^(.*?[^.]{3,})\. (?=[A-Z`])(.*)$/s.exec(message) ?? [];
  return text === undefined || remedy === undefined ? { text: message } : { text, remedy };
}

export async function checkK6({ variables }: DoctorContext): Promise<Finding> {
  try {
    const { version, extension, path } = await findK6(variables.BENCH_K6_BIN_PATH || undefined);
    return {
      status: "ok",
      text: `${version} with the extension${extension ? ` ${extension}` : ""} (${path})`,
    };
  } catch (error) {
    if (error instanceof UserError) return { status: "fail", ...splitRemedy(error.message) };
    throw error;
  }
}

/** "version: 7035 (abcdef)" in what `llama-server --version` writes. */
export function parseLlamaVersion(output: string): string | undefined {
  return /^version:\s*(.+)$/m.exec(output)?.[1]?.trim();
}

export async function checkLlamaServer({ variables }: DoctorContext): Promise<Finding> {
  const given = variables.LLAMA_SERVER_BIN_PATH || undefined;
  let path: string;
  try {
    path = findLlamaServer(given, variables);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return { status: given === undefined ? "absent" : "warn", ...splitRemedy(error.message) };
  }
  const { exitCode, stdout, stderr } = await runCommand(path, ["--version"], { timeoutMs: LIMIT_MS });
  if (exitCode === 0) {
    return { status: "ok", text: `${parseLlamaVersion(`${stdout}\n${stderr}`) ?? "it starts"} (${path})` };
  }
  return {
    status: "warn",
    text: `\`${path} --version\` failed: ${stderr.trim().split("\n").at(-1) || `exit code ${exitCode ?? "none"}`}`,
    remedy:
      "Reinstall llama.cpp, or unset `LLAMA_SERVER_BIN_PATH`; `--url` measures a server that runs elsewhere.",
  };
}

/** @param answer of nvidia-smi; `startError` where it could not start */
export function judgeGpus(answer: {
  exitCode: number | undefined;
  stdout: string;
  stderr: string;
  startError?: string;
}): Finding {
  if (answer.startError === "ENOENT") {
    return { status: "absent", text: "nvidia-smi is not installed: runs have no GPU figures" };
  }
  const gpus = answer.exitCode === 0 ? parseGpus(answer.stdout) : [];
  if (gpus.length > 0)
    return { status: "ok", text: `nvidia-smi: ${gpus.map(({ name }) => name).join(", ")}` };
  const [said = ""] = (answer.stderr || answer.stdout).trim().split("\n");
  return {
    status: "warn",
    text: `nvidia-smi shows no GPU${said === "" ? "" : `: ${said}`}`,
    remedy: "Check the driver or, in a container, that it has access to the GPUs (`--gpus all`).",
  };
}

export async function checkGpus(): Promise<Finding> {
  const query = ["--query-gpu=name,memory.total,driver_version", "--format=csv,noheader,nounits"];
  return judgeGpus(await runCommand("nvidia-smi", query, { timeoutMs: LIMIT_MS }));
}
