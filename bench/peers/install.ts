// Installs a peer from the Python package index, each into a virtual environment of its own in the cache folder.
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { cacheFolder } from "../../bench-runner/platform/cache-folder.ts";
import { UserError } from "../../bench-runner/platform/user-error.ts";
import { toReason } from "./process-group.ts";

/** Environments, the tokenizer and what the peers themselves cache. */
export const PEERS_FOLDER = join(cacheFolder(process.env), "peers");

const LONGEST_MS = 1_200_000;

/** @returns the folder of its programs; nothing is done where that version is there @throws UserError with pip's reason */
export async function installPeer(name: string, version: string): Promise<string> {
  const folder = join(PEERS_FOLDER, `${name}-${version}`);
  const programs = join(folder, "bin");
  const done = join(folder, "installed");
  if (existsSync(done)) return programs;
  mkdirSync(PEERS_FOLDER, { recursive: true });
  await call("python3", ["-m", "venv", folder]);
  await call(join(programs, "pip"), ["install", "--quiet", "--no-input", `${name}==${version}`]);
  writeFileSync(done, "");
  return programs;
}

/** A tokenizer of single bytes: what a peer asks for that would else load one from a model hub. */
export async function makeTokenizer(programs: string): Promise<string> {
  const folder = join(PEERS_FOLDER, "tokenizer");
  const script = `
from tokenizers import Tokenizer, decoders, models, pre_tokenizers
from transformers import PreTrainedTokenizerFast
bytes = sorted(pre_tokenizers.ByteLevel.alphabet())
tokenizer = Tokenizer(models.BPE(vocab={c: i for i, c in enumerate(bytes)}, merges=[]))
tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
tokenizer.decoder = decoders.ByteLevel()
PreTrainedTokenizerFast(tokenizer_object=tokenizer).save_pretrained(${JSON.stringify(folder)})`;
  if (!existsSync(folder)) await call(join(programs, "python"), ["-c", script]);
  return folder;
}

async function call(program: string, args: string[]): Promise<void> {
  const { failed, all, message } = await execa(program, args, {
    all: true,
    reject: false,
    timeout: LONGEST_MS,
  });
  if (failed) throw new UserError(`is not installed: ${toReason(all || String(message))}`);
}
