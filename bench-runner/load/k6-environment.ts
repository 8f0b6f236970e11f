// The environment of a k6 that the runner starts: k6's own variables and its own configuration file change nothing in it.
import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import type { Variables } from "../platform/context.ts";
import { inProject } from "../platform/project-root.ts";

/** Settings of outputs: without `--k6-out` they have no effect. */
const OF_OUTPUTS =
  /^K6_(PROMETHEUS|INFLUXDB|STATSD|OTEL|CSV|KAFKA|TIMESCALEDB|DATADOG|ELASTICSEARCH|CLOUD|WEB_DASHBOARD)_/;

/** The configuration file that k6 reads instead of the user's: an empty one. */
export const K6_CONFIG_FILE: string = inProject("lib", "k6", "config.json");

/** The names of k6's own variables that would change a run, such as `K6_RPS`. Pure. */
export function findForeignVariables(around: Variables): string[] {
  const names = Object.entries(around).flatMap(([name, value]) => (value === undefined ? [] : [name]));
  return names.filter((name) => name.startsWith("K6_") && !OF_OUTPUTS.test(name)).sort();
}

/**
 * @param own what this run sets
 * @param around the runner's environment, which k6 inherits
 * @returns the changes in that environment; undefined for a variable that is taken out
 */
export function toK6Environment(
  own: Readonly<Record<string, string>>,
  around: Variables,
): Record<string, string | undefined> {
  const foreign = findForeignVariables(around).map((name) => [name, undefined] as const);
  return { ...Object.fromEntries(foreign), ...own };
}

/** Where k6 looks for its configuration file. */
function k6ConfigPath(around: Variables): string {
  return join(around.XDG_CONFIG_HOME || join(around.HOME || homedir(), ".config"), "k6", "config.json");
}

/** The settings in k6's own configuration file; empty without one, and where k6 could not read it either. */
function readForeignSettings(path: string): string[] {
  if (!existsSync(path)) return [];
  try {
    const settings = JSON.parse(readFileSync(path, "utf8")) as Record<string, unknown> | null;
    return Object.entries(settings ?? {}).flatMap(([key, value]) =>
      value === null || key === "collectors" ? [] : [key],
    );
  } catch {
    return [];
  }
}

/** What a run leaves out of k6's own settings, in a sentence with the remedy; undefined if there is nothing. */
export function describeForeignSettings(around: Variables): string | undefined {
  const path = k6ConfigPath(around);
  const names = findForeignVariables(around);
  const keys = readForeignSettings(path);
  const parts = [
    ...(names.length > 0 ? [`${names.map((name) => `\`${name}\``).join(", ")} in the environment`] : []),
    ...(keys.length > 0 ? [`${keys.map((key) => `\`${key}\``).join(", ")} in ${path}`] : []),
  ];
  if (parts.length === 0) return undefined;
  return `k6's own settings change nothing here: ${parts.join("; ")}. Use this runner's options, \`--k6-out\` and \`--k6-tag\` among them, or start k6 yourself.`;
}
