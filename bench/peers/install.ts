// Installs a peer from the Python package index, each into a virtual environment of its own in the cache folder.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder } from "../../bench-runner/platform/cache-folder.ts";
import { installPackages, runPython } from "../python-environment.ts";

/** Environments, the tokenizer and what the peers themselves cache. */
export const PEERS_FOLDER = join(cacheFolder(process.env), "peers");

/** @returns the folder of its programs; nothing is done where that version is there @throws UserError with the reason */
export function installPeer(name: string, version: string): Promise<string> {
  return installPackages({ folder: join(PEERS_FOLDER, name), requirements: [`${name}==${version}`] });
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
  if (!existsSync(folder)) await runPython(programs, script);
  return folder;
}
