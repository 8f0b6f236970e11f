// Whether k6 may come before other programs of this machine when it needs the processor.
import { K6_RIGHTS } from "../../load/k6-rights.ts";
import { findLauncher, type PriorityOptions } from "../../platform/launcher.ts";
import { findK6 } from "../../platform/programs.ts";
import { UserError } from "../../platform/user-error.ts";
import type { DoctorContext, Finding } from "./finding.ts";

/** @param tried undefined where k6 has no means for it */
export function judgePriority(tried: PriorityOptions | undefined): Finding {
  if (tried === undefined) return { status: "absent", text: "k6 can raise its priority only on Linux" };
  const { realtime, autogroup } = tried;
  if (autogroup.possible) {
    const more = realtime.possible
      ? ", and run in real time on request"
      : `, but not run in real time: ${realtime.reason}`;
    return { status: "ok", text: `tested: k6 may raise its session${more}` };
  }
  if (realtime.possible) {
    return {
      status: "ok",
      text: `tested: k6 may run in real time, with \`--client-priority realtime\` only, but not raise its session: ${autogroup.reason}`,
    };
  }
  return {
    status: "warn",
    text: `k6 cannot come before other programs of this machine: ${realtime.reason}; beside a busy server it may read late`,
    remedy: K6_RIGHTS,
  };
}

export async function checkPriority({ variables }: DoctorContext): Promise<Finding> {
  try {
    const { path } = await findK6(variables.BENCH_K6_BIN_PATH || undefined);
    return judgePriority((await findLauncher(path))?.priority);
  } catch (error) {
    if (error instanceof UserError) return { status: "absent", text: "not tested: it needs k6" };
    throw error;
  }
}
