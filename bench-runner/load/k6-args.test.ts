// biome-ignore-all lint/suspicious/noTemplateCurlyInString: that is how variables stand in headers
import { describe, expect, it } from "vitest";
import { type Config, resolveConfig } from "../config/config.ts";
import { planLoad } from "../config/load-plan.ts";
import { hideSecretVariables } from "../config/secrets.ts";
import * as k6 from "./k6-args.ts";

const toK6Args = (config: Config, scenario: string) => k6.toK6Args(config, planLoad(config), scenario);
const toK6Variables = (config: Config, url: string, files: k6.K6Files) =>
  k6.toK6Variables(config, planLoad(config), url, files);

const resolve = (flags: Record<string, string>, variables: Record<string, string> = {}) =>
  resolveConfig({ flags: { model: "m.gguf", ...flags }, variables });

describe("k6's command line", () => {
  const rows: [string, Record<string, string>, string[]][] = [
    ["defaults to bench.py's load", {}, ["--vus", "8", "--iterations", "480", "--duration", "600s"]],
    [
      "has a client a slot, and an iteration a prompt",
      { parallel: "4", "n-prompts": "200" },
      ["--vus", "4", "--iterations", "200", "--duration", "600s"],
    ],
    [
      "takes clients and requests of their own",
      { vus: "2", iterations: "10", duration: "90" },
      ["--vus", "2", "--iterations", "10", "--duration", "90s"],
    ],
    [
      "takes a duration with units",
      { duration: "1h30m" },
      ["--vus", "8", "--iterations", "480", "--duration", "5400s"],
    ],
    [
      "has no more clients than requests",
      { iterations: "3" },
      ["--vus", "3", "--iterations", "3", "--duration", "600s"],
    ],
    [
      "debugs HTTP without bodies",
      { "http-debug": "brief" },
      ["--vus", "8", "--iterations", "480", "--duration", "600s", "--http-debug"],
    ],
    [
      "debugs HTTP with bodies",
      { "http-debug": "full" },
      ["--vus", "8", "--iterations", "480", "--duration", "600s", "--http-debug=full"],
    ],
  ];
  for (const [sentence, flags, middle] of rows) {
    it(sentence, () => {
      expect(toK6Args(resolve(flags), "/s.js")).toEqual(["run", "--quiet", "--no-color", ...middle, "/s.js"]);
    });
  }
});

describe("k6's environment", () => {
  const files = { rows: "/r/prompts.jsonl", journal: "/r/records.jsonl", summary: "/r/k6-summary.json" };
  const variablesFor = (flags: Record<string, string>, own: Record<string, string> = {}) =>
    toK6Variables(resolve(flags, own), "http://127.0.0.1:9000", files);

  it("says how to get at the server, without the values of variables in headers", () => {
    const variables = variablesFor(
      { header: '["X-Key: ${K}"]', "ca-file": "/a/ca.pem", insecure: "true" },
      { K: "sesame" },
    );
    expect(variables).toMatchObject({
      SERVER_BENCH_HEADERS: '["X-Key: ${K}"]',
      SSL_CERT_FILE: "/a/ca.pem",
      K6_INSECURE_SKIP_TLS_VERIFY: "true",
    });
    expect(Object.keys(variablesFor({}))).not.toContain("SSL_CERT_FILE");
    expect(JSON.stringify(hideSecretVariables(variables))).not.toContain("X-Key");
  });

  it("has every resolved load option by its variable, whoever gave it", () => {
    const variables = variablesFor(
      { "max-tokens": "64", stop: '["a", "b"]' },
      { SERVER_BENCH_SLEEP: "500ms", SERVER_BENCH_SEED: "7" },
    );
    expect(variables).toMatchObject({
      SERVER_BENCH_URL: "http://127.0.0.1:9000",
      SERVER_BENCH_ROWS: "/r/prompts.jsonl",
      SERVER_BENCH_N_PROMPTS: "480",
      SERVER_BENCH_MODEL_ALIAS: "my-model",
      SERVER_BENCH_MAX_TOKENS: "64",
      SERVER_BENCH_MAX_PROMPT_TOKENS: "1024",
      SERVER_BENCH_MAX_CONTEXT: "2048",
      SERVER_BENCH_SLEEP: "0.5",
      SERVER_BENCH_SEED: "7",
      SERVER_BENCH_STOP: '["a","b"]',
      SERVER_BENCH_JOURNAL: "/r/records.jsonl",
      SERVER_BENCH_K6_SUMMARY: "/r/k6-summary.json",
    });
  });

  it("leaves out what is not set", () => {
    expect(variablesFor({})).not.toHaveProperty("SERVER_BENCH_TEMPERATURE");
  });

  it("hands the key over by variable, never by argument", () => {
    const config = resolve({}, { SERVER_BENCH_API_KEY: "sesame" });
    expect(toK6Variables(config, "http://x", files).SERVER_BENCH_API_KEY).toBe("sesame");
    expect(toK6Args(config, "/s.js").join(" ")).not.toContain("sesame");
  });

  it("keeps k6 from going online", () => {
    expect(variablesFor({})).toMatchObject({
      K6_AUTO_EXTENSION_RESOLUTION: "false",
      K6_NO_USAGE_REPORT: "true",
    });
  });
});

describe("a shape that is not plain", () => {
  const files = {
    rows: "/r/prompts.jsonl",
    journal: "/r/records.jsonl",
    summary: "/r/k6-summary.json",
    schedule: "/r/schedule.json",
  };

  it("gets no flags of k6's, which would make a plain closed loop of it", () => {
    const args = ["run", "--quiet", "--no-color", "/s.js"];
    expect(toK6Args(resolve({ rate: "5", duration: "10" }), "/s.js")).toEqual(args);
    expect(toK6Args(resolve({ "ramp-up": "1" }), "/s.js")).toEqual(args);
  });

  it("is told by variables: what was given, and how many clients follow from the slots", () => {
    const variablesOf = (flags: Record<string, string>) => toK6Variables(resolve(flags), "http://h", files);
    const open = variablesOf({ workload: "low-load" });
    expect(open).toMatchObject({
      SERVER_BENCH_WORKLOAD: "low-load",
      SERVER_BENCH_RATE: "1",
      SERVER_BENCH_MAX_CONCURRENCY: "1",
      SERVER_BENCH_MAX_TOKENS: "1024",
      SERVER_BENCH_SCHEDULE: "/r/schedule.json",
    });
    expect(open.SERVER_BENCH_VUS).toBeUndefined();
    expect(variablesOf({ "ramp-up": "1", parallel: "3" }).SERVER_BENCH_VUS).toBe("3");
    expect(variablesOf({ stages: "5s:3" }).SERVER_BENCH_VUS).toBeUndefined();
  });
});
