// A server that a command started: its process group, the wait until it answers, and how it is stopped.
import { setTimeout as delay } from "node:timers/promises";
import { hideLineSecrets } from "../../config/secrets.ts";
import type { Access } from "../../platform/access.ts";
import { readLastLines } from "../../platform/file-tail.ts";
import { type ProcessGroup, runCommand } from "../../platform/processes.ts";
import { requestServer } from "../../platform/server-request.ts";
import type { Session } from "../../platform/session.ts";
import { UserError } from "../../platform/user-error.ts";
import type { StartFacts } from "../../run-folder/run-files.ts";
import { describeEnd, withLog } from "./llama-server.ts";
import type { CommandPlan } from "./plan-command.ts";
import { explainServerLog } from "./server-log.ts";
import { readStartFacts } from "./start-facts.ts";
import { waitForServer } from "./wait-ready.ts";

/** How long the command that stops the server may take, and the server after it. */
const STOP_COMMAND_MS = 30_000;
const STOPPED_MS = 10_000;
const STOPPED_POLL_MS = 50;

export interface CommandServer {
  group: ProcessGroup;
  /** Absent where the user wanted to stop before it was ready. */
  start?: StartFacts;
  describeDeath(): string;
}

/** The shell, and how it takes a line. */
function toShell(line: string): { file: string; args: string[] } {
  return process.platform === "win32"
    ? { file: process.env.ComSpec ?? "cmd.exe", args: ["/d", "/s", "/c", line] }
    : { file: "/bin/sh", args: ["-c", line] };
}

/**
 * Starts it and waits until it is ready, or until the user wants to stop.
 * @throws UserError when it dies first, is not ready in time, or another server answers in its place
 */
export async function openCommandServer(
  plan: CommandPlan,
  session: Session,
  options: { access: Access; logPath: string; readyTimeoutSeconds: number },
): Promise<CommandServer> {
  const { logPath, access } = options;
  const ask = () => askReady(plan, access);
  if ((await ask()) !== undefined) {
    throw new UserError(
      `A server answers at ${plan.url} already, before \`${hideLineSecrets(plan.start)}\` was run. End it, choose another \`--port\`, or measure it as it is with \`--url ${plan.url}\`.`,
    );
  }
  const sinceMs = performance.now();
  const started = session.start({
    ...toShell(plan.start),
    variables: { ...plan.variables },
    logPath,
    mayScatter: true,
    ...(plan.stop !== undefined && { mayDetach: true as const }),
  });
  const group = plan.stop === undefined ? started : withStopCommand(started, plan, session);
  const timeoutSeconds = plan.readyTimeoutSeconds ?? options.readyTimeoutSeconds;
  const wait = await waitForServer(group, ask, { sinceMs, timeoutSeconds, stopped: session.stop.signal });
  const describeDeath = (when: string) => describeCommandDeath(plan, group, when, logPath);
  const server = { group, describeDeath: () => describeDeath("while it was measured") };
  switch (wait.end) {
    case "ready":
      return { ...server, start: await readStartFacts(group.pid, wait.seconds) };
    case "stopped":
      return server;
    case "died":
      throw new UserError(describeDeath("before it was ready"));
    case "too-late": {
      const paths = plan.readyPaths.map((path) => `\`${path}\``).join(" and ");
      const said =
        wait.status === undefined ? `nothing answered at ${plan.url}` : `${paths} answered ${wait.status}`;
      throw new UserError(
        withLog(
          `${plan.name} was not ready within ${timeoutSeconds} s (${said}). Give it longer with \`--ready-timeout\`, name the path that shows it with \`--server-ready\`, or look into its log.`,
          logPath,
        ),
      );
    }
  }
}

/** The status of the first path that the server knows; undefined where nothing answers. */
async function askReady(plan: CommandPlan, access: Access): Promise<number | undefined> {
  let status: number | undefined;
  for (const path of plan.readyPaths) {
    try {
      ({ status } = await requestServer(`${plan.url}${path}`, access, { timeoutMs: 2_000 }));
    } catch (error) {
      if (error instanceof UserError) throw error;
      return status;
    }
    if (status !== 404 && status !== 405) return status;
  }
  return status;
}

function describeCommandDeath(plan: CommandPlan, group: ProcessGroup, when: string, logPath: string): string {
  const end = group.end ?? {};
  const cause = explainServerLog(readLastLines(logPath, 200));
  const missing = end.exitCode === 127 ? " The shell does not find the program: is it on PATH here?" : "";
  const sentence = `${plan.name} ${describeEnd(end)} ${when} (\`${hideLineSecrets(plan.start)}\`).${missing}`;
  return withLog(cause === undefined ? sentence : `${sentence} ${cause}`, logPath);
}

/** The group, stopped once by its own command before any signal. */
function withStopCommand(group: ProcessGroup, plan: CommandPlan, session: Session): ProcessGroup {
  let stopping: Promise<void> | undefined;
  const stop = () => {
    stopping ??= runStop(group, plan);
    return stopping;
  };
  session.beforeClose(stop);
  return {
    pid: group.pid,
    ended: group.ended,
    get end() {
      return group.end;
    },
    signal: (name) => group.signal(name),
    isThere: () => group.isThere(),
    kill: () => group.kill(),
    async stop(graceMs) {
      await stop();
      return group.stop(graceMs);
    },
  };
}

async function runStop(group: ProcessGroup, plan: CommandPlan): Promise<void> {
  if (group.end !== undefined) return;
  const { file, args } = toShell(plan.stop as string);
  await runCommand(file, args, { timeoutMs: STOP_COMMAND_MS, env: plan.variables });
  const deadline = performance.now() + STOPPED_MS;
  while (group.isThere() && performance.now() < deadline) await delay(STOPPED_POLL_MS);
}
