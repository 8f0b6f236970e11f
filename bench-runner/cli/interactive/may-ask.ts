// Whether the runner may ask what to measure. Pure.
import type { Variables } from "../../platform/context.ts";

/** Set by the usual CI systems, which give some programs a terminal although no user is there. */
const CI_VARIABLES = [
  "CI",
  "CONTINUOUS_INTEGRATION",
  "BUILD_NUMBER",
  "GITHUB_ACTIONS",
  "GITLAB_CI",
  "BUILDKITE",
  "JENKINS_URL",
  "TEAMCITY_VERSION",
  "TF_BUILD",
] as const;

/** Each of them names what is measured, so that a run without flags is complete. */
const TARGET_VARIABLES = [
  "SERVER_BENCH_URL",
  "SERVER_BENCH_AB",
  "SERVER_BENCH_MODEL",
  "SERVER_BENCH_HF_REPO",
] as const;

const isOn = (text: string | undefined) => text !== undefined && !["", "0", "false"].includes(text);

/**
 * @param flags those of the command line; a single one means that the user needs no questions
 * @param terminal the questions go to stderr: the summary on stdout may well go into a file
 */
export function mayAsk(
  flags: Readonly<Record<string, string>>,
  terminal: { stdin: { isTTY?: boolean }; stderr: { isTTY?: boolean } },
  variables: Variables,
): boolean {
  if (Object.keys(flags).length > 0) return false;
  if (terminal.stdin.isTTY !== true || terminal.stderr.isTTY !== true) return false;
  if (CI_VARIABLES.some((name) => isOn(variables[name]))) return false;
  return !TARGET_VARIABLES.some((name) => Boolean(variables[name]));
}

/** A terminal that cannot move its cursor, or a screen reader: numbered lists and lines instead of menus. */
export function wantsPlainQuestions(variables: Variables): boolean {
  return !variables.TERM || variables.TERM === "dumb" || isOn(variables.ACCESSIBLE);
}
