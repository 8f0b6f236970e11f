// The scenario to run: a built-in one by name, or a k6 script or own scenario by path.
import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import { EXIT } from "../../platform/exit-codes.ts";
import { inProject } from "../../platform/project-root.ts";
import { UserError } from "../../platform/user-error.ts";

const isFile = (path: string) => existsSync(path) && statSync(path).isFile();

/** Names of the scenarios that the project has, built or not. */
export function listScenarios(): string[] {
  const names = (folder: string, ending: string) => {
    try {
      return readdirSync(inProject(folder)).filter((file) => file.endsWith(ending));
    } catch {
      return [];
    }
  };
  const sources = names("scenarios", ".ts").filter((file) => !file.endsWith(".test.ts"));
  const bundles = names("dist", ".js");
  return [...new Set([...sources, ...bundles].map((file) => basename(file).replace(/\.[jt]s$/, "")))].sort();
}

export interface ScenarioFile {
  /** Absolute. */
  path: string;
  /** An own scenario in TypeScript, which k6 cannot run as it is. */
  needsBundle: boolean;
}

/**
 * "script" and "script.js" are built in; anything else is a path relative to the current directory: a k6 script, or an own
 * scenario if it ends in `.ts`.
 * @throws UserError that lists the scenarios
 */
export function findScenario(given: string): ScenarioFile {
  const name = given.replace(/\.[jt]s$/, "");
  const scenarios = listScenarios();
  if (scenarios.includes(name)) {
    const bundle = inProject("dist", `${name}.js`);
    if (isFile(bundle)) return { path: bundle, needsBundle: false };
    throw new UserError(
      `The scenario \`${name}\` is not built (${bundle} is missing). Run \`npm run build\`.`,
    );
  }
  const path = resolve(given);
  if (isFile(path)) return { path, needsBundle: path.endsWith(".ts") };
  const list =
    scenarios.length > 0 ? scenarios.map((scenario) => `\`${scenario}\``).join(", ") : "none is built";
  throw new UserError(
    `There is no scenario \`${given}\`. Scenarios: ${list}; or give the path of a k6 script or of your own scenario (\`.ts\`).`,
    EXIT.usage,
  );
}

/** Whether a script is one of this project's bundles, regardless of the name it was found by. @param path absolute */
export function isOurs(path: string): boolean {
  return dirname(path) === inProject("dist");
}
