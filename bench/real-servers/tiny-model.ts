// A tiny Llama of random weights with a tokenizer of bytes: what a server that loads a model folder needs, made in seconds.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { runPython } from "../python-environment.ts";
import { SERVERS_FOLDER } from "./servers-folder.ts";

/** @param programs of an environment that has tokenizers, torch and transformers @throws UserError */
export async function makeTinyModel(programs: string): Promise<string> {
  const folder = join(SERVERS_FOLDER, "tiny-model");
  if (existsSync(join(folder, "model.safetensors"))) return folder;
  await runPython(
    programs,
    `
import torch
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast
folder = ${JSON.stringify(folder)}
words = Tokenizer(models.BPE())
words.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
words.decoder = decoders.ByteLevel()
special = ["<s>", "</s>", "<|user|>", "<|assistant|>", "<|system|>"]
trainer = trainers.BpeTrainer(vocab_size=1000, special_tokens=special, initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
words.train_from_iterator(["The quick brown fox jumps over the lazy dog, and the server answers with tokens."] * 4, trainer)
tokenizer = PreTrainedTokenizerFast(tokenizer_object=words, bos_token="<s>", eos_token="</s>", pad_token="</s>")
tokenizer.chat_template = "{% for m in messages %}<|{{ m['role'] }}|>{{ m['content'] }}</s>{% endfor %}{% if add_generation_prompt %}<|assistant|>{% endif %}"
tokenizer.save_pretrained(folder)
torch.manual_seed(1)
config = LlamaConfig(vocab_size=len(tokenizer), hidden_size=128, intermediate_size=256, num_hidden_layers=2,
  num_attention_heads=4, num_key_value_heads=4, max_position_embeddings=2048, bos_token_id=tokenizer.bos_token_id,
  eos_token_id=tokenizer.eos_token_id, torch_dtype="float32")
LlamaForCausalLM(config).save_pretrained(folder)
`,
  );
  return folder;
}
