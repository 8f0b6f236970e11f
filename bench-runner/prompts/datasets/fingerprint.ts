// A prompt as a number, to find repeated prompts.
import { createHash } from "node:crypto";

/** 48 bits of a hash: with a million prompts, a collision occurs once in 500 files. */
export function toFingerprint(prompt: string): number {
  return createHash("sha1").update(prompt).digest().readUIntBE(0, 6);
}
