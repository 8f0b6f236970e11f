// Writes an exported file piece by piece: its name refers to either the old file or the complete new one.
import { mkdirSync, renameSync, rmSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname } from "node:path";
import { pipeline } from "node:stream/promises";
import { systemReason, UserError } from "../../platform/user-error.ts";
import { partPath } from "../../platform/whole-file.ts";

export type Content = AsyncIterable<string | Uint8Array>;

/** Makes missing folders. @throws UserError that names the file, and any error of the content */
export async function writeExport(path: string, content: Content): Promise<void> {
  const part = partPath(path);
  try {
    mkdirSync(dirname(path), { recursive: true });
    // Opened first: a stream that opens its file itself may do so after the content has failed, and leave it behind.
    const file = await open(part, "wx");
    await pipeline(content, file.createWriteStream());
    renameSync(part, path);
  } catch (error) {
    removePart(part);
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error;
    throw new UserError(`${path} could not be written: ${systemReason(error)}.`);
  }
}

/** The first error is reported; a file that is already missing is not another one. */
function removePart(part: string): void {
  try {
    rmSync(part, { force: true });
  } catch {}
}
