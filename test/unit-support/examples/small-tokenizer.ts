// For tests: a byte-level BPE tokenizer.json of a few hundred tokens, as Hugging Face writes them.
import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** GPT-2's substitutes for unprintable bytes, in byte order. */
function byteCharacters(): string[] {
  const isSeen = (byte: number) =>
    (byte > 32 && byte < 127) || (byte > 160 && byte < 173) || (byte > 173 && byte < 256);
  let hidden = 256;
  return Array.from({ length: 256 }, (_, byte) => String.fromCharCode(isSeen(byte) ? byte : hidden++));
}

/** @param words each is one token after a space; everything else is one token per byte */
export function toSmallTokenizer(words: readonly string[]): object {
  const tokens = byteCharacters();
  const merges: [string, string][] = [];
  for (const word of words) {
    let left = "Ġ";
    for (const letter of word) {
      if (!tokens.includes(left + letter)) {
        merges.push([left, letter]);
        tokens.push(left + letter);
      }
      left += letter;
    }
  }
  return {
    version: "1.0",
    added_tokens: [{ id: tokens.length, content: "<|end|>", special: true, normalized: false }],
    normalizer: null,
    pre_tokenizer: { type: "ByteLevel", add_prefix_space: false, use_regex: true },
    post_processor: {
      type: "TemplateProcessing",
      single: [{ SpecialToken: { id: "<|end|>", type_id: 0 } }, { Sequence: { id: "A", type_id: 0 } }],
      pair: [],
      special_tokens: { "<|end|>": { id: "<|end|>", ids: [tokens.length], tokens: ["<|end|>"] } },
    },
    decoder: { type: "ByteLevel" },
    model: { type: "BPE", vocab: Object.fromEntries(tokens.map((token, id) => [token, id])), merges },
  };
}

/** A new folder with the text, or the value as JSON, as a file of that name. */
export function writeFolder(name: string, content: object | string): string {
  const folder = mkdtempSync(join(tmpdir(), "server-bench-tokens-"));
  writeFileSync(join(folder, name), typeof content === "string" ? content : JSON.stringify(content));
  return folder;
}
