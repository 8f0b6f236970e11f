// The peers: which version, which arguments make it send our workload, and where its report has the first token.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Load } from "../client.ts";
import { installVllm, VLLM_VERSION } from "../real-servers/servers/vllm.ts";
import { installPeer, makeTokenizer, PEERS_FOLDER } from "./install.ts";

export interface Installed {
  /** @param url without /v1 */
  toCommand(url: string, load: Load): string[];
  env: Record<string, string>;
  /** What it reports as the time to first token, in ms. */
  readTtft(folder: string): { p50: number; p99: number };
}

const GUIDELLM = "0.8.1";
const AIPERF = "0.13.0";

const readJson = (folder: string, ...path: string[]) =>
  JSON.parse(readFileSync(join(folder, ...path), "utf8"));

/** What a model hub's library keeps goes to the peers' folder, and it reports nothing to anyone. */
const HUB = {
  HF_HOME: join(PEERS_FOLDER, "hub"),
  HF_HUB_DISABLE_TELEMETRY: "1",
  DO_NOT_TRACK: "1",
  COLUMNS: "120",
};

export const PEERS: Record<string, { version: string; install(): Promise<Installed> }> = {
  GuideLLM: {
    version: GUIDELLM,
    install: async () => {
      const programs = await installPeer("guidellm", GUIDELLM);
      return {
        toCommand: (url, { folder, streams, requests }) => {
          const prompts = Array.from({ length: requests }, (_, i) => `{"prompt":"Count to ${i}."}\n`);
          writeFileSync(join(folder, "prompts.jsonl"), prompts.join(""));
          return [
            ...[join(programs, "guidellm"), "run", "--disable-console"],
            ...[
              "--backend",
              `kind=openai_http,target=${url},model=count,request_format=/v1/chat/completions`,
            ],
            ...["--profile", `kind=concurrent,streams=${streams}`],
            ...["--constraint", `kind=max_requests,count=${requests}`],
            ...["--data", "kind=json_file,path=prompts.jsonl", "--output", "kind=json,path=report.json"],
          ];
        },
        env: { ...HUB, HF_HUB_OFFLINE: "1" },
        readTtft: (folder) => {
          const { median, percentiles } = readJson(folder, "report.json").benchmarks[0].metrics
            .time_to_first_token_ms.successful;
          return { p50: median, p99: percentiles.p99 };
        },
      };
    },
  },
  AIPerf: {
    version: AIPERF,
    install: async () => {
      const programs = await installPeer("aiperf", AIPERF);
      const tokenizer = await makeTokenizer(programs);
      return {
        toCommand: (url, { streams, requests }) => [
          ...[join(programs, "aiperf"), "profile", "-m", "count", "--url", url],
          ...["--endpoint-type", "chat", "--streaming", "--isl", "16", "--tokenizer", tokenizer],
          ...["--use-server-token-count", "--no-server-metrics", "--no-gpu-telemetry", "--ui", "none"],
          ...["--concurrency", `${streams}`, "--request-count", `${requests}`, "--artifact-dir", "report"],
        ],
        env: HUB,
        readTtft: (folder) => readJson(folder, "report", "profile_export_aiperf.json").time_to_first_token,
      };
    },
  },
  "vllm bench serve": {
    version: VLLM_VERSION,
    install: async () => {
      const { programs, model } = await installVllm();
      return {
        toCommand: (url, { streams, requests }) => [
          ...[join(programs, "vllm"), "bench", "serve", "--backend", "openai-chat", "--base-url", url],
          ...["--endpoint", "/v1/chat/completions", "--model", "count", "--tokenizer", model],
          ...["--dataset-name", "random", "--random-input-len", "16", "--random-output-len", "64"],
          ...["--num-prompts", `${requests}`, "--max-concurrency", `${streams}`, "--disable-tqdm"],
          ...["--save-result", "--result-filename", "report.json"],
        ],
        env: {
          ...HUB,
          HF_HUB_OFFLINE: "1",
          VLLM_NO_USAGE_STATS: "1",
          PATH: `${programs}:${process.env.PATH}`,
        },
        readTtft: (folder) => {
          const { median_ttft_ms: p50, p99_ttft_ms: p99 } = readJson(folder, "report.json");
          return { p50, p99 };
        },
      };
    },
  },
};
