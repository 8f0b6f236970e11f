// Files that are read twice, and so must be regular ones.
import { type FileHandle, open, stat } from "node:fs/promises";

/**
 * The path is looked at before it is opened: a FIFO without a writer would block there, and a socket cannot be opened.
 * @throws the system's error, or one that says that the file is not a regular one
 */
export async function openRegular(path: string): Promise<FileHandle> {
  const status = await stat(path);
  if (status.isDirectory()) throw Object.assign(new Error(), { code: "EISDIR" });
  if (!status.isFile()) throw new Error("it is not a regular file, which can be read twice");
  return open(path);
}
