// Counts tokens by a tokenizer.json of the user, the file that Hugging Face's tokenizers read.
import { readFile, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setImmediate as letOthersRun } from "node:timers/promises";
import { Tokenizer } from "@huggingface/tokenizers";
import { EXIT } from "../../platform/exit-codes.ts";
import { systemReason, UserError } from "../../platform/user-error.ts";
import { cacheCounts } from "./counter-cache.ts";
import type { TokenCounter } from "./token-counter.ts";

type JsonObject = Record<string, unknown>;

/** The library treats any other kind as one that keeps words whole, and would silently count wrong. */
const MODELS = ["BPE", "Unigram", "WordPiece", "WordLevel"];

/** After this many characters the event loop runs, so that Ctrl-C does not wait until all is counted. */
const PIECE_CHARACTERS = 1 << 18;

function toError(path: string, what: string): UserError {
  return new UserError(`Tokenizer ${path} ${what}`, EXIT.usage);
}

/** The file itself, or the one in the folder. */
async function findFile(path: string): Promise<string> {
  try {
    return (await stat(path)).isDirectory() ? join(path, "tokenizer.json") : path;
  } catch (error) {
    throw toError(
      path,
      `cannot be read: ${systemReason(error)}. Check \`--tokenizer\`: it takes a tokenizer.json or its folder, \`server\` or \`words\`.`,
    );
  }
}

/** @returns undefined if there is no such file */
async function readObject(path: string): Promise<JsonObject | undefined> {
  let bytes: Buffer;
  try {
    bytes = await readFile(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw toError(path, `cannot be read: ${systemReason(error)}. Check \`--tokenizer\`.`);
  }
  if (path.endsWith(".model") || bytes.subarray(0, 4096).includes(0)) {
    throw toError(
      path,
      "is not a tokenizer.json but a binary file, such as SentencePiece's tokenizer.model. Use the tokenizer.json that models have next to it.",
    );
  }
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString("utf8").replace(/^\uFEFF/, ""));
  } catch (error) {
    // A pointer of Git LFS is a text of three lines that begins with its version.
    const isPointer = bytes.subarray(0, 200).toString("latin1").startsWith("version https://git-lfs");
    throw toError(
      path,
      isPointer
        ? "is only Git LFS's pointer to the file. Fetch the file itself with `git lfs pull`."
        : `is not JSON, or cut off (${(error as Error).message}). Fetch the model's tokenizer.json again.`,
    );
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw toError(path, "contains no JSON object. Use the tokenizer.json of the model.");
  }
  return value as JsonObject;
}

/** The kind of the model; files of early versions do not name it. */
function modelType(model: JsonObject): unknown {
  if (model.type !== undefined) return model.type;
  if (Array.isArray(model.merges)) return "BPE";
  return Array.isArray(model.vocab) ? "Unigram" : "WordPiece";
}

/**
 * The library's `Digits` only knows 0 to 9; the original includes all Unicode numbers. This expresses the same in a step
 * that the library handles correctly.
 */
function withAllDigits(step: unknown): unknown {
  if (typeof step !== "object" || step === null) return step;
  const { type, pretokenizers, individual_digits } = step as JsonObject;
  if (Array.isArray(pretokenizers)) return { ...step, pretokenizers: pretokenizers.map(withAllDigits) };
  if (type !== "Digits") return step;
  const Regex = individual_digits ? "\\p{N}" : "\\p{N}+";
  return { type: "Split", pattern: { Regex }, behavior: "Isolated", invert: false };
}

function openTokenizer(path: string, file: JsonObject, config: JsonObject): Tokenizer {
  const model = file.model as JsonObject | null | undefined;
  if (typeof model !== "object" || model === null || typeof model.vocab !== "object") {
    throw toError(path, "has no model with a vocabulary. Use the tokenizer.json of the model.");
  }
  const type = modelType(model);
  if (!MODELS.includes(type as string)) {
    throw toError(
      path,
      `has a model of type ${JSON.stringify(type)}, which is not supported. Use \`--tokenizer server\`, or one of ${MODELS.join(", ")}.`,
    );
  }
  try {
    const parts = { normalizer: null, pre_tokenizer: null, post_processor: null, decoder: null };
    const whole = {
      ...parts,
      ...file,
      added_tokens: file.added_tokens ?? [],
      pre_tokenizer: withAllDigits(file.pre_tokenizer ?? null),
      model: { ...model, type },
    };
    const tokenizer = new Tokenizer(whole, config);
    tokenizer.tokenize("a", { add_special_tokens: false });
    return tokenizer;
  } catch (error) {
    throw toError(
      path,
      `cannot be used (${(error as Error).message}). Use \`--tokenizer server\` if the server has /tokenize.`,
    );
  }
}

/**
 * A counter by the file, which counts as that file defines, special tokens in the text included.
 * @param path a tokenizer.json, or the folder with it; a tokenizer_config.json next to it is read if there is one
 * @throws UserError if there is no such file, or it is not what Hugging Face calls a fast tokenizer
 */
export async function openFileCounter(path: string): Promise<TokenCounter> {
  const filePath = await findFile(path);
  const file = await readObject(filePath);
  if (file === undefined) {
    throw toError(
      path,
      "is a folder without a tokenizer.json (SentencePiece's tokenizer.model is not enough). Fetch the model's tokenizer.json into it.",
    );
  }
  // It may be missing: few of its settings affect tokenization, and those only for old models.
  const config = await readObject(join(dirname(filePath), "tokenizer_config.json"));
  const tokenizer = openTokenizer(filePath, file, config ?? {});
  return cacheCounts({
    by: "tokenizer",
    name: basename(filePath),
    async count(texts) {
      const counts: number[] = [];
      let characters = 0;
      for (const text of texts) {
        counts.push(tokenizer.tokenize(text, { add_special_tokens: false }).length);
        characters += text.length;
        if (characters > PIECE_CHARACTERS) {
          await letOthersRun();
          characters = 0;
        }
      }
      return counts;
    },
  });
}
