// What setup fetched into the cache, written down for the runner.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, writeWhole } from "./cache-folder.mjs";
import { k6Path } from "./go-binary.mjs";
import { cachedLlamaServerPath, ownLlamaServer } from "./llama-server.mjs";
import { cachedModelPath } from "./model.mjs";
import { readIfThere } from "./repository.mjs";
import { cachedXllamacppPath } from "./xllamacpp.mjs";

/**
 * `server-bench/installed.json` in the cache folder, `{ "llamaServer"?: path, "model"?: path }`: the runner's last
 * resort, after flags, variables and PATH, for a run that was not started by `npm start`.
 */
export async function writeInstalled() {
  const found = {};
  if (existsSync(cachedLlamaServerPath)) found.llamaServer = cachedLlamaServerPath;
  if (existsSync(cachedModelPath)) found.model = cachedModelPath;
  const path = join(cacheFolder, "installed.json");
  const text = `${JSON.stringify(found, null, 2)}\n`;
  if (Object.keys(found).length > 0 && readIfThere(path) !== text) await writeWhole(path, text);
}

/** The variables with the paths that the runner and the tests use; the user's own values have priority. */
export function installedVariables() {
  const variables = {
    BENCH_K6_BIN_PATH: process.env.BENCH_K6_BIN_PATH || whenThere(k6Path),
    LLAMA_SERVER_BIN_PATH: ownLlamaServer() ?? whenThere(cachedLlamaServerPath),
    SERVER_BENCH_MODEL: process.env.SERVER_BENCH_MODEL || whenThere(cachedModelPath),
    SERVER_BENCH_XLLAMACPP: process.env.SERVER_BENCH_XLLAMACPP || whenThere(cachedXllamacppPath),
  };
  return Object.fromEntries(Object.entries(variables).filter(([, value]) => value !== undefined));
}

function whenThere(path) {
  return existsSync(path) ? path : undefined;
}
