// A check that is one program: it passes when the program exits with 0.
import { spawn } from "node:child_process";
import { tryCommand } from "../../setup/command.mjs";
import { repository } from "../../setup/repository.mjs";

const running = new Set();

/** Outcome of a program that is silent when all is well; its output is shown when it fails. */
export async function programCheck(program, args, options = {}) {
  const { code, output } = await tryCommand(program, args, { cwd: repository, ...options });
  return code === 0 ? { passed: 1 } : { failed: 1, detail: output };
}

/** Runs a program whose output is shown as it comes (`onLine`: given to that function instead). Returns the exit code. */
export function runShown(program, args, { env, cwd = repository, onLine } = {}) {
  return new Promise((resolve) => {
    const child = spawn(program, args, {
      cwd,
      env: { ...process.env, ...env },
      stdio: ["ignore", onLine ? "pipe" : "inherit", "inherit"],
    });
    running.add(child);
    if (onLine) eachLine(child.stdout, onLine);
    child.on("error", (error) => {
      console.log(`${program}: ${error.message}`);
      resolve(1);
    });
    child.on("close", (code) => {
      running.delete(child);
      resolve(code ?? 1);
    });
  });
}

/** Ends what runs: for when the whole run is interrupted. */
export function endRunning() {
  for (const child of running) child.kill("SIGTERM");
}

function eachLine(stream, onLine) {
  let rest = "";
  stream.setEncoding("utf8").on("data", (chunk) => {
    const lines = (rest + chunk).split("\n");
    rest = lines.pop();
    for (const line of lines) onLine(line);
  });
  stream.on("end", () => rest !== "" && onLine(rest));
}
