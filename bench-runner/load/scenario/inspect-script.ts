// The load that a k6 script defines and the options that it takes, as `k6 inspect` reports them, without a run.
import { OWN_OPTIONS_MARK, type OwnOption } from "../../../lib/core/options/own-option.ts";
import { parseSeconds } from "../../../lib/core/parse-seconds.ts";
import { countIterations, type K6Scenario } from "../../../lib/core/plans/count-iterations.ts";
import { EXIT } from "../../platform/exit-codes.ts";
import { runCommand } from "../../platform/processes.ts";
import { inProject } from "../../platform/project-root.ts";
import { UserError } from "../../platform/user-error.ts";
import { K6_CONFIG_FILE, toK6Environment } from "../k6-environment.ts";
import { toK6Message } from "../k6-log.ts";

export interface ScriptFacts {
  /** The most clients at a time. */
  vus: number;
  /** Absent if only time ends the run. */
  iterations?: number;
  /** The longest that it takes, including its graceful stop. */
  seconds: number;
  options: Record<string, OwnOption>;
}

interface Inspected {
  scenarios?: Record<string, K6Scenario> | null;
  iterations?: number | null;
  /** "10m2s" */
  totalDuration: string;
  maxVUs: number;
}

/** The table that `defineOptions` printed. */
function readOptions(log: string): Record<string, OwnOption> {
  const line = log.split("\n").find((text) => text.includes(OWN_OPTIONS_MARK));
  const message = line === undefined ? undefined : /msg=("(?:[^"\\]|\\.)*")/.exec(line)?.[1];
  if (message === undefined) return {};
  return JSON.parse((JSON.parse(message) as string).replace(OWN_OPTIONS_MARK, ""));
}

/**
 * @param script absolute path
 * @throws UserError with k6's message if the script cannot be started
 */
export async function inspectScript(k6: string, script: string): Promise<ScriptFacts> {
  const args = [
    "inspect",
    "--config",
    K6_CONFIG_FILE,
    "--execution-requirements",
    "--include-system-env-vars",
    script,
  ];
  const own = {
    SERVER_BENCH_LIST_OPTIONS: "1",
    // Any rows will do: those of the run do not exist yet.
    SERVER_BENCH_ROWS: inProject("datasets", "prompts.jsonl"),
    K6_AUTO_EXTENSION_RESOLUTION: "false",
    K6_NO_USAGE_REPORT: "true",
  };
  const { exitCode, stdout, stderr } = await runCommand(k6, args, {
    env: toK6Environment(own, process.env),
    timeoutMs: 60_000,
  });
  if (exitCode !== 0) {
    const words = stderr.split("\n").flatMap((line) => toK6Message(line) ?? []);
    throw new UserError(`The script ${script} cannot be started: ${words.at(-1) ?? stderr}`, EXIT.usage);
  }
  const inspected = JSON.parse(stdout) as Inspected;
  const iterations = inspected.scenarios
    ? countIterations(inspected.scenarios)
    : (inspected.iterations ?? undefined);
  return {
    vus: inspected.maxVUs,
    ...(iterations !== undefined && { iterations }),
    seconds: parseSeconds(inspected.totalDuration) ?? 0,
    options: readOptions(stderr),
  };
}
