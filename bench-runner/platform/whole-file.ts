// Writes a file in one step: its name refers to the old content or to the complete new one.
import { randomBytes } from "node:crypto";
import { renameSync, rmSync, writeFileSync } from "node:fs";

/** A random name beside the file, so that no link can wait there; to be created exclusively (`wx`). */
export function partPath(path: string): string {
  return `${path}.${randomBytes(6).toString("hex")}.part`;
}

/**
 * Replaces a file; a link in its place is replaced, not followed.
 * @throws the file system's error; nothing is left behind then
 */
export function writeWholeFile(path: string, content: string | Uint8Array): void {
  const part = partPath(path);
  try {
    writeFileSync(part, content, { flag: "wx" });
    renameSync(part, path);
  } catch (error) {
    rmSync(part, { force: true });
    throw error;
  }
}
