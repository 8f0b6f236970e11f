// The partial file next to the output: the bytes so far, and a note of what they are a part of.
import { createHash } from "node:crypto";
import { type FileHandle, open, readFile, rename, rm, stat, writeFile } from "node:fs/promises";
import { systemReason, UserError } from "../../../platform/user-error.ts";

/** What the bytes are a part of. */
export interface PartNote {
  /** Hash of the address, which may contain a key. */
  address: string;
  /** What If-Range takes: the file's strong ETag, or the time of its last change. */
  validator?: string;
  /** Hash of the whole file, from the hub or the user. */
  hash?: string;
}

export function toNote(url: string, hash: string | undefined, validator: string | undefined): PartNote {
  return {
    address: createHash("sha256").update(url).digest("hex"),
    ...(hash !== undefined && { hash }),
    ...(validator !== undefined && { validator }),
  };
}

/** What identifies this version of a file to its server; undefined if the server sends nothing that does. */
export function toValidator(headers: Headers): string | undefined {
  const etag = headers.get("ETag");
  if (etag?.startsWith('"')) return etag;
  return headers.get("Last-Modified") ?? undefined;
}

/** The reason of a failed write, and the remedy. */
export function toWriteError(path: string, error: unknown): UserError {
  return new UserError(
    `Cannot write ${path}: ${systemReason(error)}. Make room there, or choose another path with \`--output\`.`,
  );
}

export class PartFile {
  readonly path: string;
  readonly #output: string;
  readonly #notePath: string;

  /** @param output the path of the whole file */
  constructor(output: string) {
    this.#output = output;
    this.path = `${output}.part`;
    this.#notePath = `${output}.part.json`;
  }

  /** Bytes so far. */
  async size(): Promise<number> {
    return (await stat(this.path).catch(() => undefined))?.size ?? 0;
  }

  /**
   * @param wanted without a validator
   * @returns how much of the wanted file is present and can be resumed; 0 if nothing is, or it cannot be known
   */
  async resumable(wanted: PartNote): Promise<{ bytes: number; validator?: string }> {
    let note: PartNote;
    try {
      note = JSON.parse(await readFile(this.#notePath, "utf8")) as PartNote;
    } catch {
      return { bytes: 0 };
    }
    const isSame = note.address === wanted.address && note.hash === wanted.hash;
    // Neither the server nor a hash could distinguish parts of two versions.
    if (!isSame || (note.validator === undefined && note.hash === undefined)) return { bytes: 0 };
    return {
      bytes: await this.size(),
      ...(note.validator !== undefined && { validator: note.validator }),
    };
  }

  /** @param from 0 starts over */
  async open(from: number, note: PartNote): Promise<FileHandle> {
    try {
      if (from === 0) await this.remove();
      await writeFile(this.#notePath, JSON.stringify(note));
      return await open(this.path, "a");
    } catch (error) {
      throw toWriteError(this.path, error);
    }
  }

  /** The part is complete: moves it to its name. */
  async finish(): Promise<void> {
    try {
      await rename(this.path, this.#output);
    } catch (error) {
      throw toWriteError(this.#output, error);
    }
    await rm(this.#notePath, { force: true });
  }

  async remove(): Promise<void> {
    await rm(this.path, { force: true });
    await rm(this.#notePath, { force: true });
  }
}
