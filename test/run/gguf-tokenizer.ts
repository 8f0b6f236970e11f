// The tokenizer.json of a model, made from what its GGUF file says of its vocabulary: for byte-level BPE as SmolLM2 has it.
import { closeSync, openSync, readSync } from "node:fs";

type Value = string | number | bigint | boolean | Value[];

/** GGUF's types by number: how wide, and how to read them. */
const READERS: Record<number, [bytes: number, read: (view: DataView) => Value]> = {
  0: [1, (view) => view.getUint8(0)],
  1: [1, (view) => view.getInt8(0)],
  2: [2, (view) => view.getUint16(0, true)],
  3: [2, (view) => view.getInt16(0, true)],
  4: [4, (view) => view.getUint32(0, true)],
  5: [4, (view) => view.getInt32(0, true)],
  6: [4, (view) => view.getFloat32(0, true)],
  7: [1, (view) => view.getUint8(0) !== 0],
  10: [8, (view) => view.getBigUint64(0, true)],
  11: [8, (view) => view.getBigInt64(0, true)],
  12: [8, (view) => view.getFloat64(0, true)],
};
const [STRING, ARRAY, UINT32, UINT64] = [8, 9, 4, 10];

/** The beginning of a GGUF file: its keys and values, which precede the weights. */
export function readGgufMetadata(path: string): Map<string, Value> {
  const file = openSync(path, "r");
  const block = Buffer.alloc(1 << 20);
  let [position, from, have] = [0, 0, 0];
  const take = (bytes: number): Buffer => {
    if (bytes > block.length) throw new Error(`${path}: a value of ${bytes} bytes`);
    if (position + bytes > from + have) {
      from = position;
      have = readSync(file, block, 0, block.length, from);
      if (have < bytes) throw new Error(`${path} ends within its metadata`);
    }
    const start = position - from;
    position += bytes;
    return block.subarray(start, start + bytes);
  };
  const read = (type: number): Value => {
    if (type === STRING) return take(Number(read(UINT64))).toString("utf8");
    if (type === ARRAY) {
      const items = Number(read(UINT32));
      return Array.from({ length: Number(read(UINT64)) }, () => read(items));
    }
    const reader = READERS[type];
    if (reader === undefined) throw new Error(`${path}: unknown type ${type}`);
    const bytes = take(reader[0]);
    return reader[1](new DataView(bytes.buffer, bytes.byteOffset, bytes.length));
  };
  try {
    if (take(4).toString("latin1") !== "GGUF") throw new Error(`${path} is no GGUF file`);
    read(UINT32);
    read(UINT64);
    const count = Number(read(UINT64));
    const entries = Array.from({ length: count }, (): [string, Value] => {
      const key = read(STRING) as string;
      return [key, read(Number(read(UINT32)))];
    });
    return new Map(entries);
  } finally {
    closeSync(file);
  }
}

/** Kinds of tokens that are matched literally, before the text is split: control and user-defined ones. */
const ADDED = new Set([3, 4]);

/** @returns what JSON.stringify makes a tokenizer.json of; digits are single tokens, the rest is split as GPT-2 does */
export function toTokenizerJson(metadata: Map<string, Value>): object {
  const list = <T>(key: string) => (metadata.get(`tokenizer.ggml.${key}`) ?? []) as T[];
  const model = metadata.get("tokenizer.ggml.model");
  const cut = metadata.get("tokenizer.ggml.pre");
  if (model !== "gpt2" || cut !== "smollm") throw new Error(`Not SmolLM's tokenizer: ${model}, ${cut}`);
  const tokens = list<string>("tokens");
  const types = list<number>("token_type");
  const flags = { single_word: false, lstrip: false, rstrip: false, normalized: false };
  return {
    version: "1.0",
    added_tokens: tokens.flatMap((content, id) =>
      ADDED.has(types[id] ?? 1) ? [{ id, content, ...flags, special: types[id] === 3 }] : [],
    ),
    normalizer: null,
    pre_tokenizer: {
      type: "Sequence",
      pretokenizers: [
        { type: "Digits", individual_digits: true },
        { type: "ByteLevel", add_prefix_space: false, trim_offsets: true, use_regex: true },
      ],
    },
    post_processor: null,
    decoder: { type: "ByteLevel" },
    model: {
      type: "BPE",
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges: list<string>("merges"),
    },
  };
}
