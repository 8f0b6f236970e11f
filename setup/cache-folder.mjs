// The user's cache folder, shared by all clones, and the atomic way to put things into it.
import { existsSync } from "node:fs";
import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from "node:fs/promises";
import { homedir } from "node:os";
import { dirname, isAbsolute, join } from "node:path";

// The XDG rule: a relative XDG_CACHE_HOME is invalid and must be ignored.
const base = isAbsolute(process.env.XDG_CACHE_HOME ?? "")
  ? process.env.XDG_CACHE_HOME
  : join(homedir(), ".cache");

/** `$XDG_CACHE_HOME/server-bench`, by default `~/.cache/server-bench`. */
export const cacheFolder = join(base, "server-bench");

const prefix = ".partial-";
const leftoverAgeMs = 6 * 3600 * 1000;

/**
 * Gives `fill` an empty temporary folder next to the final place, and always removes it afterwards.
 * The unique name lets two setups run at once; being on the same file system makes the later rename atomic.
 */
export async function withTemporaryFolder(fill) {
  await mkdir(cacheFolder, { recursive: true });
  await removeLeftovers();
  const folder = await mkdtemp(join(cacheFolder, prefix));
  try {
    return await fill(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** A setup that was killed outright leaves its folder behind; nothing that is still at work is that old. */
async function removeLeftovers() {
  for (const name of await readdir(cacheFolder)) {
    const path = join(cacheFolder, name);
    const age = Date.now() - ((await stat(path).catch(() => undefined))?.mtimeMs ?? Date.now());
    if (name.startsWith(prefix) && age > leftoverAgeMs) await rm(path, { recursive: true, force: true });
  }
}

/** Moves a finished file or folder to its place. Where another setup was faster, its equal result stays. */
export async function putInPlace(finished, place) {
  try {
    await rename(finished, place);
  } catch (error) {
    if (!["ENOTEMPTY", "EEXIST", "EPERM"].includes(error.code) || !existsSync(place)) throw error;
  }
}

/** Writes a small file so that readers see the old text or the new one, never a part. */
export async function writeWhole(path, text) {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${process.pid}.partial`;
  await writeFile(temporary, text);
  await rename(temporary, path);
}
