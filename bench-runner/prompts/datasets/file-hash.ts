// The hash of a file on disk: SHA-256, or git's own, by which the hub names small files.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";

export interface FileHash {
  /** `git`: SHA-1 of the bytes after git's header, `blob SIZE` and a zero. */
  kind: "sha256" | "git";
  hex: string;
}

/** @param signal stops the reading with its reason */
export async function hashFile(
  path: string,
  kind: FileHash["kind"],
  signal?: AbortSignal,
): Promise<FileHash> {
  const hash = createHash(kind === "git" ? "sha1" : "sha256");
  if (kind === "git") hash.update(`blob ${(await stat(path)).size}\0`);
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) {
    signal?.throwIfAborted();
    hash.update(chunk as Buffer);
  }
  return { kind, hex: hash.digest("hex") };
}

export async function hasHash(path: string, { kind, hex }: FileHash, signal?: AbortSignal): Promise<boolean> {
  return (await hashFile(path, kind, signal)).hex === hex.toLowerCase();
}
