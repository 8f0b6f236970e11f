// The npm packages of package-lock.json, the pinned Node among them.
import { delimiter } from "node:path";
import { isExecutable, runCommand } from "./command.mjs";
import { inRepository, pinnedNode, readIfThere, repository } from "./repository.mjs";

/** The step. */
export const npmPackagesStep = {
  title: "npm packages, Node 24 among them",
  isDone: () => isExecutable(pinnedNode) && isInstalled(),
  run: () =>
    // --ignore-scripts=false: the pinned Node puts itself in place by an install script. The update notice and
    // audit would ask the network for nothing that is needed here.
    runCommand(
      npm,
      ["ci", "--include=dev", "--ignore-scripts=false", "--no-audit", "--no-fund", "--no-update-notifier"],
      {
        cwd: repository,
        what: "`npm ci`",
        telling: npmErrors,
        remedies: [
          "Check the network connection, then run the same command again.",
          "If it names a file that cannot be written: make sure that this folder is yours and its disk has 500 MB free.",
        ],
      },
    ),
};

const npm = process.platform === "win32" ? "npm.cmd" : "npm";

/**
 * Whether node_modules holds exactly what package-lock.json asks for. npm writes its own list of what it installed
 * last, so an interrupted install does not pass, and one that the user made by hand does.
 */
function isInstalled() {
  const wanted = parse(readIfThere(inRepository("package-lock.json")));
  const installed = parse(readIfThere(inRepository("node_modules", ".package-lock.json")));
  if (wanted === undefined || installed === undefined) return false;
  const declared = parse(readIfThere(inRepository("package.json"))) ?? {};
  const root = wanted[""] ?? {};
  const agrees = ["dependencies", "devDependencies"].every(
    (kind) => JSON.stringify(declared[kind] ?? {}) === JSON.stringify(root[kind] ?? {}),
  );
  const complete = Object.entries(wanted).every(
    ([path, entry]) =>
      path === "" || (path in installed ? installed[path].version === entry.version : isOptional(entry)),
  );
  return agrees && complete && Object.keys(installed).every((path) => path in wanted);
}

/** npm's errors without its warnings and without the usage text that it likes to end in. */
function npmErrors(output) {
  const errors = output.split("\n").filter((line) => line.startsWith("npm error"));
  const usage = errors.findIndex((line) => /^npm error (Clean install|Usage)/.test(line));
  return errors.length === 0 ? output : errors.slice(0, usage < 0 ? 20 : usage).join("\n");
}

/** Packages for other systems and unused peers are in the lock file without being installed. */
function isOptional(entry) {
  return entry.optional === true || entry.devOptional === true || entry.peer === true;
}

/** The `packages` of a lock file, or the whole of package.json; undefined when it is missing or cut off. */
function parse(text) {
  try {
    const value = JSON.parse(text);
    return value.packages ?? value;
  } catch {
    return undefined;
  }
}

/** The environment in which everything after this step runs: node_modules/.bin comes first on PATH. */
export function withPackagesOnPath(env) {
  return { ...env, PATH: `${inRepository("node_modules", ".bin")}${delimiter}${env.PATH ?? ""}` };
}
