// A command through the launcher in k6's binary, which puts it into a process group of its own and keeps its session.
//
// Linux shares a core among sessions first (autogroups), then among the processes of each: a client in a session of its
// own waits hundreds of milliseconds for a core that a server in another session keeps busy. Node can only start a
// process group together with a session, so the binary of k6, which every run has, sets the group and becomes the program.

/** Chooses the launcher's task, see xk6-sse/internal/launch. */
export const LAUNCH_VARIABLE = "SERVER_BENCH_LAUNCH";

export interface Command {
  file: string;
  args: readonly string[];
  variables?: Record<string, string | undefined>;
}

/** The launcher's own errors are exit code 127. Pure. */
export function toLaunchedCommand(launcher: string, { file, args, variables }: Command): Command {
  return { file: launcher, args: [file, ...args], variables: { ...variables, [LAUNCH_VARIABLE]: "exec" } };
}
