import { expect, it } from "vitest";
import { hideSecretVariables } from "./keys.ts";
import { HIDDEN, hideSecretArgs } from "./secrets.ts";

it("hides keys in arguments, however they are written", () => {
  expect(hideSecretArgs(["--api-key", "sesame", "--hf-token=sesame", "-m", "x"])).toEqual([
    "--api-key",
    HIDDEN,
    `--hf-token ${HIDDEN}`,
    "-m",
    "x",
  ]);
});

it("leaves secret variables out, and passwords in URLs", () => {
  const variables = {
    SERVER_BENCH_API_KEY: "sesame",
    SERVER_BENCH_URL: "http://ann:sesame@h/v1",
    SERVER_BENCH_VUS: "4",
  };
  expect(hideSecretVariables(variables)).toEqual({ SERVER_BENCH_URL: "http://h/v1", SERVER_BENCH_VUS: "4" });
});
