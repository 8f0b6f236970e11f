// Paths in this clone, and fingerprints of its sources that show whether a build is still current.
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The root folder of the clone. */
export const repository = dirname(dirname(fileURLToPath(import.meta.url)));

/** Path of something inside the clone. */
export function inRepository(...parts) {
  return join(repository, ...parts);
}

/** The pinned Node's own program file (not the link, which Windows cannot start). */
export const pinnedNode = inRepository(
  "node_modules",
  "node",
  "bin",
  process.platform === "win32" ? "node.exe" : "node",
);

/**
 * A hash over names and contents of files, given as paths in the clone (folders are walked, `wanted` chooses by
 * name). What does not exist counts as absent, so a deleted file changes the hash, too.
 */
export function fingerprint(paths, wanted = () => true) {
  const hash = createHash("sha256");
  for (const path of paths.flatMap((each) => filesUnder(each, wanted))) {
    hash
      .update(`${path}\0`)
      .update(readFileSync(inRepository(path)))
      .update("\0");
  }
  return hash.digest("hex");
}

function filesUnder(path, wanted) {
  const found = statSync(inRepository(path), { throwIfNoEntry: false });
  if (found === undefined) return [];
  if (found.isFile()) return wanted(path) ? [path] : [];
  const names = readdirSync(inRepository(path))
    .filter((name) => name !== "node_modules")
    .sort();
  return names.flatMap((name) => filesUnder(`${path}/${name}`, wanted));
}

/** Text of a small file in the clone, or undefined where there is none. */
export function readIfThere(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
