// LiteLLM's proxy before llama-server: two models, a key, and a third model whose backend is dead.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { findLlama } from "../../llama-server.ts";
import { installPackages } from "../../python-environment.ts";
import type { RealServer } from "../real-server.ts";
import { SERVERS_FOLDER } from "../servers-folder.ts";
import { planRealLlamaServer } from "./llama-server.ts";

const VERSION = "1.108.7";
const KEY = "sk-real-servers-key";

/** No port that a server takes: discard. */
const DEAD = "http://127.0.0.1:9/v1";

function writeConfig(behind: number): string {
  const path = join(SERVERS_FOLDER, "litellm", "config.yaml");
  const model = (name: string, base: string) =>
    `  - model_name: ${name}\n    litellm_params: {model: openai/small, api_base: "${base}", api_key: none, max_retries: 0}\n`;
  const live = `http://127.0.0.1:${behind}/v1`;
  mkdirSync(join(SERVERS_FOLDER, "litellm"), { recursive: true });
  writeFileSync(
    path,
    `model_list:\n${model("first", live)}${model("second", live)}${model("dead", DEAD)}general_settings:\n  master_key: ${KEY}\nrouter_settings:\n  num_retries: 0\n`,
  );
  return path;
}

export const liteLlm: RealServer = {
  name: "LiteLLM's proxy before llama-server",
  obtain: async () => {
    findLlama();
    const programs = await installPackages({
      folder: join(SERVERS_FOLDER, "litellm"),
      requirements: [`litellm[proxy]==${VERSION}`],
    });
    return {
      version: VERSION,
      plan: ({ server, behind }) => [
        planRealLlamaServer(behind),
        {
          name: "litellm",
          file: join(programs, "litellm"),
          args: [
            ...["--config", writeConfig(behind), "--host", "127.0.0.1", "--port", String(server)],
            ...["--telemetry", "False"],
          ],
          env: { LITELLM_LOCAL_MODEL_COST_MAP: "True", NO_DOCS: "True" },
          readyUrl: `http://127.0.0.1:${server}/health/liveliness`,
          readySeconds: 400,
        },
      ],
      expected: {
        software: "LiteLLM",
        args: ["--model", "second"],
        model: "second",
        apis: ["chat", "completions", "messages", "responses"],
        key: KEY,
        hasCounters: false,
        takesChoices: true,
        explained: {
          "n = 2": "the proxy passes on the finish reason and the usage of one of the choices only",
        },
        refusals: [
          { what: "dead backend", args: ["--model", "dead"], says: /http_error|500|refused|connect/i },
          { what: "several models, none chosen", args: [], says: /first.*second/s },
        ],
      },
    };
  },
};
