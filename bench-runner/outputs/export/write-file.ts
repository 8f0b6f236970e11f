// Writes an exported file piece by piece: under its name stands either the old file or the whole new one.
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { systemReason, UserError } from "../../platform/user-error.ts";
import type { Content } from "./export-formats.ts";

/** Folders on the way are made. @throws UserError that names the file, and whatever the content throws */
export async function writeExport(path: string, content: Content): Promise<void> {
  const part = `${path}.part`;
  try {
    mkdirSync(dirname(path), { recursive: true });
    // Opened first: a stream that opens its file by itself may do so after the content has failed, and leave it there.
    const file = await open(part, "w");
    await pipeline(content, file.createWriteStream());
    renameSync(part, path);
  } catch (error) {
    removePart(part);
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    throw new UserError(`${path} could not be written: ${systemReason(error)}.`);
  }
}

/** What went wrong is told by the error before; that there is nothing to remove is no other one. */
function removePart(part: string): void {
  try {
    rmSync(part, { force: true });
  } catch {}
}
