// Running other programs during setup: their output is kept, and shown (its end) only when they fail.
import { spawn } from "node:child_process";
import { accessSync, constants, statSync } from "node:fs";
import { delimiter, join } from "node:path";
import { Interrupted, SetupProblem } from "./step.mjs";
import { hasTerminal } from "./terminal.mjs";

const isWindows = process.platform === "win32";
const shownLines = 20;
const interruptSignals = ["SIGINT", "SIGTERM"];
const keptCharacters = 1_000_000;

/**
 * Runs a program to its end. Returns `{ code, output }`, standard output and error together; `code` is null
 * when it was ended by a signal and `"ENOENT"` when there is no such program. Rejects only when the user interrupts
 * setup meanwhile, and then when the program has ended, so that the next setup does not meet it still at work.
 */
export function tryCommand(program, args, { cwd, env } = {}) {
  return new Promise((resolve, reject) => {
    let output = "";
    let interrupted = false;
    // npm on Windows is a .cmd file, which only a shell can start.
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", "pipe", "pipe"],
      shell: isWindows && program.endsWith(".cmd"),
    });
    const keep = (chunk) => {
      output = (output + chunk).slice(-keptCharacters);
    };
    child.stdout.setEncoding("utf8").on("data", keep);
    child.stderr.setEncoding("utf8").on("data", keep);
    // What a second Ctrl-C finds still there is ended outright.
    const interrupt = (signal) => {
      if (interrupted) child.kill("SIGKILL");
      else if (signal !== "SIGINT" || !hasTerminal()) child.kill(signal);
      interrupted = true;
    };
    for (const signal of interruptSignals) process.on(signal, interrupt);
    const end = (result) => {
      for (const signal of interruptSignals) process.off(signal, interrupt);
      if (interrupted) reject(new Interrupted());
      else resolve(result);
    };
    child.on("error", (error) => end({ code: error.code ?? "EFAIL", output: String(error.message) }));
    child.on("close", (code) => end({ code, output }));
  });
}

/**
 * Like tryCommand, but throws a SetupProblem that carries the last lines of the output, or those of what `telling`
 * picks from it; returns the output.
 */
export async function runCommand(program, args, { cwd, env, what, remedies = [], telling = (text) => text }) {
  const { code, output } = await tryCommand(program, args, { cwd, env });
  if (code === 0) return output;
  const reason =
    code === "ENOENT" ? `the program \`${program}\` is not installed` : lastLines(telling(output));
  throw new SetupProblem(`${what} did not work: ${reason}`, remedies);
}

/** The end of a program's output, indented under the sentence that introduces it. */
export function lastLines(output) {
  const lines = output.trimEnd().split("\n").slice(-shownLines);
  return lines.length === 1 ? lines[0].trim() : `\n${lines.map((line) => `    ${line}`).join("\n")}`;
}

/** Full path of a program on PATH, or undefined. */
export function findOnPath(name) {
  const names = isWindows ? [`${name}.exe`, `${name}.cmd`] : [name];
  for (const folder of (process.env.PATH ?? "").split(delimiter)) {
    for (const candidate of folder === "" ? [] : names.map((each) => join(folder, each))) {
      if (isExecutable(candidate)) return candidate;
    }
  }
  return undefined;
}

/** Whether a path is a file that may be executed. */
export function isExecutable(path) {
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
