// `transformers serve` on the CPU, with the tiny model.
import { join } from "node:path";
import { installPackages } from "../../python-environment.ts";
import type { RealServer } from "../real-server.ts";
import { SERVERS_FOLDER } from "../servers-folder.ts";
import { makeTinyModel } from "../tiny-model.ts";

const VERSION = "5.19.0";

/** @returns the folder of its programs @throws UserError where it cannot be installed */
export function installTransformers(): Promise<string> {
  return installPackages({
    folder: join(SERVERS_FOLDER, "transformers"),
    // `requests` is missing among its own.
    requirements: [`transformers[serving]==${VERSION}`, "torch==2.13.0", "requests==2.34.2"],
  });
}

export const transformersServe: RealServer = {
  name: "transformers serve",
  obtain: async () => {
    const programs = await installTransformers();
    const model = await makeTinyModel(programs);
    return {
      version: VERSION,
      plan: ({ server }) => [
        {
          name: "transformers",
          file: join(programs, "transformers"),
          args: ["serve", model, "--host", "127.0.0.1", "--port", String(server), "--device", "cpu"],
          env: { HF_HUB_OFFLINE: "1", OMP_NUM_THREADS: "1", HF_HUB_DISABLE_TELEMETRY: "1" },
          readyUrl: `http://127.0.0.1:${server}/health`,
          readySeconds: 600,
        },
      ],
      expected: {
        args: ["--model", model],
        model,
        apis: ["chat", "completions", "responses"],
        hasCounters: false,
        takesChoices: false,
      },
    };
  },
};
