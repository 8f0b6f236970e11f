// The model file: checked before a server is started with it, and its fingerprint.
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { pipeline } from "node:stream/promises";
import { systemReason, UserError } from "../../platform/user-error.ts";
import type { EnvironmentFile } from "../../run-folder/run-files.ts";

const MIB = 1 << 20;
const WHOLE_UP_TO = 256 * MIB;

async function readRange(path: string, from: number, length: number): Promise<Buffer> {
  const file = await open(path, "r");
  try {
    const buffer = Buffer.alloc(length);
    const { bytesRead } = await file.read(buffer, 0, length, from);
    return buffer.subarray(0, bytesRead);
  } finally {
    await file.close();
  }
}

/**
 * @param path absolute
 * @param given as the user wrote it
 * @throws UserError when the file is missing, unreadable, or does not begin with "GGUF"
 */
export async function checkModelFile(path: string, given: string): Promise<void> {
  let begin: Buffer;
  try {
    begin = await readRange(path, 0, 4);
  } catch (error) {
    throw new UserError(
      `The model \`${given}\` cannot be read (${path}): ${systemReason(error)}. Give the path of a GGUF file with \`--model\`, or \`--hf-repo\` to download one.`,
    );
  }
  if (begin.toString("latin1") === "GGUF") return;
  const text = begin.length === 0 ? "it is empty" : "it does not begin with `GGUF`";
  throw new UserError(
    `The model \`${given}\` is not a GGUF file: ${text}. llama-server reads GGUF only; a pointer file of git-lfs, or a download that failed, looks like this.`,
  );
}

/** Size and SHA-256 of a model file; of large ones the hash of size, first and last MiB. Undefined when it cannot be read. */
export async function fingerprintModel(path: string): Promise<EnvironmentFile["model"] | undefined> {
  try {
    const { size: bytes } = await stat(path);
    const hash = createHash("sha256");
    if (bytes <= WHOLE_UP_TO) {
      await pipeline(createReadStream(path), hash);
      return { path, bytes, sha256: hash.digest("hex") };
    }
    hash.update(String(bytes));
    hash.update(await readRange(path, 0, MIB));
    hash.update(await readRange(path, bytes - MIB, MIB));
    return { path, bytes, sha256OfSizeAndEnds: hash.digest("hex") };
  } catch {
    return undefined;
  }
}
