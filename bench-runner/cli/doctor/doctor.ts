// The checks of `doctor`: whether this machine is ready for a run, and what to do if not.
import { EXIT } from "../../platform/exit-codes.ts";
import { type Check, canRun, type DoctorContext, type NamedFinding } from "./finding.ts";
import { checkClock, checkDisk } from "./machine-checks.ts";
import { checkFiles, checkPorts, checkServers } from "./network-checks.ts";
import { checkPriority } from "./priority-check.ts";
import { checkGo, checkGpus, checkK6, checkLlamaServer, checkNode } from "./program-checks.ts";
import { checkStamps } from "./stamps-check.ts";

/** In the order in which they are shown. */
export const CHECKS: readonly Check[] = [
  { name: "Node", run: checkNode },
  { name: "Go", run: checkGo },
  { name: "k6", run: checkK6 },
  { name: "time stamps", run: checkStamps },
  { name: "priority", run: checkPriority },
  { name: "llama-server", run: checkLlamaServer },
  { name: "servers here", run: checkServers },
  { name: "GPU tools", run: checkGpus },
  { name: "ports", run: checkPorts },
  { name: "open files", run: checkFiles },
  { name: "clock", run: checkClock },
  { name: "free disk", run: checkDisk },
];

/** All checks, side by side. */
export async function examine(
  context: DoctorContext,
  checks: readonly Check[] = CHECKS,
): Promise<NamedFinding[]> {
  return Promise.all(checks.map(async ({ name, run }) => ({ name, ...(await run(context)) })));
}

export function toExitCode(findings: readonly NamedFinding[]): number {
  return canRun(findings) ? EXIT.ok : EXIT.failed;
}
