// Hands over to the runner: in this process where Node is new enough, otherwise in the pinned Node.
import { spawn } from "node:child_process";
import { constants as os } from "node:os";
import { pathToFileURL } from "node:url";
import { runnerBundle } from "./bundles.mjs";
import { isOlder, parseVersion } from "./go-toolchain.mjs";
import { pinnedNode } from "./repository.mjs";
import { hasTerminal } from "./terminal.mjs";

// The oldest Node that the runner's packages accept.
const neededNode = [22, 12];

/**
 * Runs dist/bench-runner.mjs with these arguments until it ends. The exit code, or the signal it died of, becomes ours.
 *
 * With an older Node the runner is a child, and must end when this process does:
 * - Ctrl-C in a terminal reaches both; it is not sent on, so that the runner counts it once. SIGTERM is sent on.
 * - Should this process be killed outright, nothing can be sent: so the child holds the other end of a pipe
 *   at file descriptor 3 (named by SERVER_BENCH_PARENT_FD), which then closes. The runner watches that.
 * `doctor` says which Node this one is (SERVER_BENCH_STARTED_NODE).
 */
export async function handOver(args) {
  if (!isOlder(parseVersion(process.versions.node), neededNode)) {
    process.argv = [process.argv[0], runnerBundle, ...args];
    await import(pathToFileURL(runnerBundle).href);
    return;
  }
  const child = spawn(pinnedNode, [runnerBundle, ...args], {
    stdio: ["inherit", "inherit", "inherit", "pipe"],
    env: { ...process.env, SERVER_BENCH_PARENT_FD: "3", SERVER_BENCH_STARTED_NODE: process.versions.node },
  });
  passSignalsOn(child);
  await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("exit", (code, signal) => {
      if (signal === null) process.exitCode = code;
      else dieOf(signal);
      resolve();
    });
  });
}

function passSignalsOn(child) {
  const terminal = hasTerminal();
  for (const signal of ["SIGINT", "SIGHUP", "SIGTERM"]) {
    process.on(signal, () => {
      if (signal === "SIGTERM" || !terminal) child.kill(signal);
    });
  }
}

/** Ends this process by the signal that ended the child, so that shells and CI see the true cause. */
function dieOf(signal) {
  process.exitCode = 128 + (os.signals[signal] ?? 0);
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}
