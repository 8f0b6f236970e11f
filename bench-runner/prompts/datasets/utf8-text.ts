// A file's bytes → text, refused if they are not UTF-8: a wrong character would change the prompt.
import { createReadStream } from "node:fs";
import { systemReason, UserError } from "../../platform/user-error.ts";
import { CutOffError } from "./cut-off-error.ts";

const NEWLINE = 10;

function toTail(chunk: Buffer): Uint8Array {
  const tail = chunk.subarray(-4);
  const start = tail.findIndex((byte) => (byte & 0xc0) !== 0x80);
  return Uint8Array.from(tail.subarray(start));
}

/** Decodes a file chunk by chunk; characters may span two chunks. A byte order mark is left out. */
export class Utf8Decoder {
  readonly #path: string;
  readonly #decoder = new TextDecoder("utf-8", { fatal: true });
  #bytes = 0;
  #lines = 0;
  /** The last bytes so far, from the beginning of a character: the next chunk may begin within it. */
  #tail: Uint8Array = new Uint8Array();

  constructor(path: string) {
    this.#path = path;
  }

  /** @throws UserError that names the line and the byte */
  decode(chunk: Buffer): string {
    let text: string;
    try {
      text = this.#decoder.decode(chunk, { stream: true });
    } catch {
      throw this.#toError(chunk);
    }
    this.#bytes += chunk.length;
    for (let at = chunk.indexOf(NEWLINE); at >= 0; at = chunk.indexOf(NEWLINE, at + 1)) this.#lines++;
    this.#tail = toTail(chunk);
    return text;
  }

  /** @throws CutOffError if the file ends within a character */
  end(): void {
    try {
      this.#decoder.decode();
    } catch {
      throw new CutOffError(
        this.#path,
        ` is cut off: it ends within a character at byte ${this.#bytes}, in line ${this.#lines + 1}`,
      );
    }
  }

  /** The error of a chunk that is not UTF-8: decodes it again, line by line, up to the faulty one. */
  #toError(chunk: Buffer): UserError {
    const decoder = new TextDecoder("utf-8", { fatal: true });
    let start = 0;
    let line = this.#lines + 1;
    try {
      decoder.decode(this.#tail, { stream: true });
      for (;;) {
        const newline = chunk.indexOf(NEWLINE, start);
        const end = newline < 0 ? chunk.length : newline + 1;
        decoder.decode(chunk.subarray(start, end), { stream: true });
        start = end;
        line++;
      }
    } catch {
      // This is the faulty line.
    }
    return new UserError(
      `Dataset ${this.#path}: line ${line} is not in UTF-8 (at byte ${this.#bytes + start} or soon after). Convert the file, for instance from Latin 1 with \`iconv -f latin1 -t utf-8\`.`,
    );
  }
}

/** The text of the file in pieces, without a byte order mark. @throws UserError if it cannot be read or is not UTF-8 */
export async function* readText(path: string): AsyncGenerator<string> {
  const decoder = new Utf8Decoder(path);
  try {
    for await (const chunk of createReadStream(path)) yield decoder.decode(chunk as Buffer);
    decoder.end();
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`Dataset ${path} cannot be read: ${systemReason(error)}. Check the path.`);
  }
}
