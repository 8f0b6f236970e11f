// THE table of datasets with a short name: where each is on the Hugging Face hub, and its licence.

export interface KnownDataset {
  /** Owner and name on the hub. */
  repo: string;
  /** In the repository; `*` matches what may change in a name, such as a hash or the number of parts. */
  file: string;
  /** Extension of the local file, with its point. */
  extension: ".json" | ".parquet";
  /** Approximate; absent if unknown. */
  bytes?: number;
  /** As stated on its page. */
  licence: string;
  /** Its terms must be accepted on its page, and HF_TOKEN set. */
  isGated?: boolean;
}

export const KNOWN_DATASETS: Readonly<Record<string, KnownDataset>> = {
  sharegpt: {
    repo: "anon8231489123/ShareGPT_Vicuna_unfiltered",
    file: "ShareGPT_V3_unfiltered_cleaned_split.json",
    extension: ".json",
    bytes: 670e6,
    licence: "Apache-2.0",
  },
  oasst1: {
    repo: "OpenAssistant/oasst1",
    file: "data/train-*.parquet",
    extension: ".parquet",
    bytes: 39.5e6,
    licence: "Apache-2.0",
  },
  cnn_dailymail: {
    repo: "abisee/cnn_dailymail",
    file: "3.0.0/validation-*.parquet",
    extension: ".parquet",
    bytes: 35e6,
    licence: "Apache-2.0",
  },
  trivia_qa: {
    repo: "mandarjoshi/trivia_qa",
    // Without the web pages that the questions are about: these are gigabytes, and not part of a prompt.
    file: "rc.nocontext/validation-*.parquet",
    extension: ".parquet",
    licence: "unknown",
  },
  humaneval: {
    repo: "openai/openai_humaneval",
    file: "openai_humaneval/test-*.parquet",
    extension: ".parquet",
    bytes: 84e3,
    licence: "MIT",
  },
  arena: {
    repo: "lmsys/chatbot_arena_conversations",
    file: "data/train-*.parquet",
    extension: ".parquet",
    bytes: 41.6e6,
    licence: "CC-BY-4.0 (prompts), CC-BY-NC-4.0 (answers)",
    isGated: true,
  },
};

/** The prompts of the project, the default of a run. */
export const OWN_PROMPTS = {
  file: "datasets/prompts.jsonl",
  rows: 400,
  licence: "CC0-1.0",
} as const;

/** "`sharegpt`, `oasst1`, …" */
export const KNOWN_NAMES: string = Object.keys(KNOWN_DATASETS)
  .map((name) => `\`${name}\``)
  .join(", ");

/** The row of this name; undefined for any other text, "constructor" included. */
export function findKnown(name: string): KnownDataset | undefined {
  return Object.hasOwn(KNOWN_DATASETS, name) ? KNOWN_DATASETS[name] : undefined;
}
