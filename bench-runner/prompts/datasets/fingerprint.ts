// A prompt as a number, to find those that are there more than once.
import { createHash } from "node:crypto";

/** 48 bits of a hash: of a million prompts, two are taken for the same once in 500 files. */
export function toFingerprint(prompt: string): number {
  return createHash("sha1").update(prompt).digest().readUIntBE(0, 6);
}
