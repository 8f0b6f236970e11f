// Two kinds of vitest tests: `unit` (beside their files) and `e2e` (real programs; `npm test` knows which of them can run side by side).
import { join } from "node:path";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "unit",
          include: [
            "lib/**/*.test.ts",
            "scenarios/**/*.test.ts",
            "bench-runner/**/*.test.ts",
            "bench/**/*.test.ts",
            "setup/**/*.test.mjs",
            "test/**/*.test.ts",
          ],
          testTimeout: 60_000,
          // No test changes what another file can see, so files share a worker's modules: half the time goes into loading them.
          isolate: false,
          maxWorkers: "100%",
        },
      },
      {
        test: {
          name: "e2e",
          include: ["test/**/*.e2e.ts"],
          // The runner is started hundreds of times: its compiled code is kept.
          env: { NODE_COMPILE_CACHE: join(import.meta.dirname, "node_modules/.cache/compiled") },
          // Load tests that run side by side measure each other.
          fileParallelism: false,
          // No test changes what another file can see: modules are loaded once per worker, not once per file.
          isolate: false,
          testTimeout: 120_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
