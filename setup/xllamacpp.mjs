// The Python package behind examples/own-server, for the test that runs it: a wheel without dependencies, fetched into the cache.
import { existsSync } from "node:fs";
import { join } from "node:path";
import { cacheFolder, putInPlace, withTemporaryFolder } from "./cache-folder.mjs";
import { unpackPinnedWheel } from "./pinned-wheel.mjs";

/** As in examples/own-server/requirements.txt. */
const requirement = "xllamacpp==2026.10.11549";

/** Folder for PYTHONPATH, once it is fetched. */
export const cachedXllamacppPath = join(cacheFolder, requirement.replace("==", "-"));

/** The step. */
export const xllamacppStep = {
  title: "xllamacpp for the example of an own server (34 MB)",
  replacement: () => process.env.SERVER_BENCH_XLLAMACPP,
  isDone: () => existsSync(cachedXllamacppPath),
  run: () =>
    withTemporaryFolder(async (folder) => {
      const contents = await unpackPinnedWheel({
        requirement,
        // Linux on x86-64 and on ARM, Windows.
        sha256: [
          "c54e7d13520ecc989c63dc99d55de3065e2f343a91f43f053d16b5e62077c261",
          "e2a3e79e775515de4ad197e667f874070446ef9ac9cf2044bc9866bc4c72289e",
          "1b76730ab9af47ec8d05a3d55154305fa92642f694dd9ad87d9e5a5e9956a59d",
        ],
        folder,
        instead: "SERVER_BENCH_XLLAMACPP=FOLDER, as `pip install --target FOLDER xllamacpp` fills it",
      });
      await putInPlace(contents, cachedXllamacppPath);
    }),
};
