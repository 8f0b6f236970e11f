import { describe, expect, it } from "vitest";
import { exampleSummary } from "../../../test/unit-support/examples/example-summary.ts";
import type { EnvironmentFile } from "../../run-folder/run-files.ts";
import type { Summary } from "../../summary/summary.ts";
import { ALLOWABLE, type IdentityFiles, toIdentity } from "./identity.ts";
import { describeDifference, findDifferences, isAllowed } from "./identity-differences.ts";

const environment: EnvironmentFile = {
  ...{ schema: "server-bench/environment/1", host: "a", os: "Linux", kernel: "6", architecture: "x64" },
  cpu: { model: "A CPU", logicalCores: 8 },
  memoryBytes: 32 * 2 ** 30,
  ...{ node: "v24", serverBench: "0.1.0" },
  server: { build: "b1", models: ["m"], slots: 4, contextPerSlot: 2048 },
  model: { path: "/models/phi.gguf", bytes: 1, sha256: "aa".repeat(32) },
};
const files: IdentityFiles = { promptsSha256: "1".repeat(64) };

function find(more: (summary: Summary) => Partial<Summary>, otherFiles: IdentityFiles = files): string[] {
  const base = exampleSummary({ environment });
  const next = exampleSummary({ environment, ...more(base) });
  return findDifferences(toIdentity(base, files), toIdentity(next, otherFiles)).map((found) =>
    describeDifference(found),
  );
}
const withValues = (values: Summary["configuration"]["values"]) => (base: Summary) => ({
  configuration: { ...base.configuration, values: { ...base.configuration.values, ...values } },
});

describe("what must be the same", () => {
  it.each<[string, (summary: Summary) => Partial<Summary>, string[]]>([
    ["nothing differs", () => ({}), []],
    ["the number of clients", withValues({ vus: 8 }), ["`vus`: not given in BASE, 8 in NEW"]],
    ["an option that was left at its default counts as its default", withValues({ seed: 42 }), []],
    ["the seed", withValues({ seed: 1 }), ["`seed`: 42 in BASE, 1 in NEW"]],
    [
      "the name, the commit and where it was written",
      withValues({ name: "x", commit: "1", output: "y" }),
      [],
    ],
    ["who judges it", withValues({ require: ["success >= 1"], truncatedLimit: 0.1, slo: ["ttft=1s"] }), []],
    ["another path of the same prompts", withValues({ dataset: "/elsewhere/rows.jsonl" }), []],
    ["the slots of a server started here", withValues({ parallel: 4 }), ["`parallel`: 8 in BASE, 4 in NEW"]],
    [
      "an argument of the server that only one of them got",
      withValues({ llamaServerArgs: ["--threads 1"] }),
      ["`llama-server-arg`: the server's own in BASE, --threads 1 in NEW"],
    ],
    [
      "the build",
      () => ({ environment: { ...environment, server: { ...environment.server, build: "b2" } } }),
      ["`server-build`: b1 in BASE, b2 in NEW"],
    ],
    [
      "the CPU, but not the host's name",
      () => ({ environment: { ...environment, host: "b", cpu: { model: "B CPU", logicalCores: 8 } } }),
      ["`cpu`: A CPU, 8 cores in BASE, B CPU, 8 cores in NEW"],
    ],
    [
      "a little less memory is the same machine",
      () => ({ environment: { ...environment, memoryBytes: 31.8 * 2 ** 30 } }),
      [],
    ],
    [
      "the same model under another path",
      () => ({
        environment: {
          ...environment,
          model: { ...(environment.model as { sha256: string }), path: "/b.gguf", bytes: 1 },
        },
      }),
      [],
    ],
    [
      "another model of the same name",
      () => ({
        environment: { ...environment, model: { path: "/phi.gguf", bytes: 1, sha256: "bb".repeat(32) } },
      }),
      ["`model`: phi.gguf (aaaaaaaaaaaa) in BASE, phi.gguf (bbbbbbbbbbbb) in NEW"],
    ],
    ["a machine without a description", () => ({ environment: undefined as never }), []],
  ])("%s", (_, more, expected) => {
    expect(find(more)).toEqual(expected);
  });

  it("other prompts: their fingerprint, and the options that made them", () => {
    const found = find(withValues({ dataset: "/b.jsonl" }), { promptsSha256: "2".repeat(64) });
    expect(found).toEqual([
      "`prompts`: prompts (111111111111) in BASE, prompts (222222222222) in NEW",
      "`dataset`: not given in BASE, /b.jsonl in NEW",
    ]);
  });
});

describe("what is allowed to differ", () => {
  it.each([
    ["its key", ["server-build"], true],
    ["its group", ["server"], true],
    ["something else", ["model", "cpu"], false],
  ])("%s", (_, allowed, expected) => {
    const [found] = findDifferences(
      [{ key: "server-build", group: "server", value: "b1" }],
      [{ key: "server-build", group: "server", value: "b2" }],
    );
    expect(found && isAllowed(found, allowed)).toBe(expected);
  });

  it("every key that a run can have can be allowed", () => {
    for (const { key } of toIdentity(exampleSummary({ environment }), { ...files, scheduleSha256: "3" })) {
      expect(ALLOWABLE).toContain(key);
    }
  });
});
