// The backends that env_setup.sh and `--backend` name: which API each speaks, and which variables say where it is.

export interface Backend {
  name: string;
  /** Of `--endpoint`. */
  endpoint: string;
  urlVariable?: string;
  keyVariable?: string;
}

export const BACKENDS: readonly Backend[] = [
  { name: "vllm", endpoint: "completions", urlVariable: "VLLM_SERVER_URL" },
  { name: "openai", endpoint: "completions" },
  { name: "lightllm", endpoint: "generate-stream", urlVariable: "LIGHTLLM_SERVER_URL" },
  { name: "amsv2", endpoint: "amsv2", urlVariable: "AMSV2_SERVER_URL", keyVariable: "AMSV2_API_KEY" },
  { name: "ppl", endpoint: "ppl", urlVariable: "PPL_SERVER_URL" },
];
