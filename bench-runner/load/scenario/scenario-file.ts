// What is to run: a scenario of this project by name, a k6 script by its path, or a scenario of the user's own.
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
  /** TypeScript of the user's own, which k6 cannot run as it is. */
  needsBundle: boolean;
}

/**
 * "script" and "script.js" are ours; anything else is a path from where the user stands: a k6 script as it is, or an own
 * scenario where it ends in `.ts`.
 * @throws UserError that lists the scenarios there are
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
    `There is no scenario \`${given}\`. Scenarios: ${list}; or give the path of a k6 script or of a scenario of your own (\`.ts\`).`,
    EXIT.usage,
  );
}

/** Whether a script is a bundle of this project's own, by whatever name it was found. @param path absolute */
export function isOurs(path: string): boolean {
  return dirname(path) === inProject("dist");
}
