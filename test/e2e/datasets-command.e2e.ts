// `datasets list`, `fetch` and `inspect` as people start them, with a fake hub.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { type FakeHub, type FakeHubOptions, startFakeHub } from "../fake/fake-hub.ts";
import { makeFolder } from "../run/k6-run.ts";
import { runRunner } from "../run/runner-run.ts";

const TOKEN = "hf_secretsecretsecret";
const CONTENT = Array.from(
  { length: 60_000 },
  (_, index) => `{"prompt":"Which question has the number ${index}?"}\n`,
).join("");

const hubs: FakeHub[] = [];
afterEach(async () => {
  for (const hub of hubs.splice(0)) await hub.close();
});

async function startHub(folder: string, options: Partial<FakeHubOptions> = {}): Promise<FakeHub> {
  const file = join(folder, "source.jsonl");
  writeFileSync(file, CONTENT);
  const hub = await startFakeHub({
    kind: "datasets",
    repo: "lmsys/chatbot_arena_conversations",
    files: { "data/train-00000-of-00001-abc.parquet": file },
    ...options,
  });
  hubs.push(hub);
  return hub;
}

it("fetches a gated dataset by its name; the token goes to the hub alone, and is shown nowhere", async () => {
  const cwd = makeFolder();
  const cdn = await startHub(cwd);
  const hub = await startHub(cwd, { cdn: cdn.url, token: TOKEN });
  const run = (args: string[], env: Record<string, string> = {}) =>
    runRunner({ args: ["datasets", ...args], cwd, env: { HF_ENDPOINT: hub.url, ...env } });

  const refused = await run(["fetch", "arena"]);
  expect(refused.exitCode).toBe(1);
  expect(refused.stderr).toContain(
    `Accept its terms at ${hub.url}/datasets/lmsys/chatbot_arena_conversations`,
  );
  expect(refused.stdout).toBe("");

  const fetched = await run(["fetch", "arena"], { HF_TOKEN: TOKEN });
  const path = join(cwd, "cache/server-bench/datasets/arena.parquet");
  expect(fetched.exitCode).toBe(0);
  expect(fetched.stdout).toContain(`Use it by \`--dataset ${path}\``);
  expect(fetched.stdout + fetched.stderr).not.toContain("secretsecret");
  expect(readFileSync(path, "utf8")).toBe(CONTENT);
  expect(hub.requests.at(-1)?.authorization).toBe(`Bearer ${TOKEN}`);
  expect(cdn.requests.map(({ authorization }) => authorization)).toEqual([undefined]);

  const listed = await run(["list"]);
  expect(listed.stdout).toContain(path);
  const inspected = await run(["inspect", "arena", "--json"]);
  expect(inspected.stderr).toBe("");
  expect(JSON.parse(inspected.stdout)).toMatchObject({ rows: 60_000, used: 60_000, format: "rows" });
});

it("Ctrl-C leaves the part, and the same command resumes from there", async () => {
  const cwd = makeFolder();
  const faults: FakeHubOptions["faults"] = { holdAfterBytes: 1_000_000 };
  const hub = await startHub(cwd, { faults });
  const args = ["datasets", "fetch", "arena", "--output", "arena.jsonl"];
  const env = { HF_ENDPOINT: hub.url };
  const stopped = await runRunner({
    args,
    env,
    cwd,
    whileRunning: async (pid) => {
      await expect.poll(() => hub.requests.at(-1)?.bytes, { timeout: 20_000 }).toBe(1_000_000);
      await expect.poll(() => existsSync(join(cwd, "arena.jsonl.part")), { timeout: 20_000 }).toBe(true);
      process.kill(pid, "SIGINT");
    },
  });
  expect(stopped.exitCode).toBe(105);
  expect(stopped.stderr).toMatch(
    /^Stopped by Ctrl-C\..*arena\.jsonl\.part, the same command resumes from there\.$/m,
  );
  expect(existsSync(join(cwd, "arena.jsonl"))).toBe(false);

  delete faults.holdAfterBytes;
  const resumed = await runRunner({ args, env, cwd });
  expect(resumed.exitCode).toBe(0);
  expect(hub.requests.at(-1)).toMatchObject({ status: 206 });
  expect(readFileSync(join(cwd, "arena.jsonl"), "utf8")).toBe(CONTENT);
  expect(existsSync(join(cwd, "arena.jsonl.part"))).toBe(false);
});

it("what cannot be fetched is one sentence and an exit code, also for --dataset", async () => {
  const cwd = makeFolder();
  const unknown = await runRunner({ args: ["datasets", "fetch", "shargpt"], cwd });
  expect([unknown.exitCode, unknown.stderr.split("\n").length]).toEqual([2, 1]);
  expect(unknown.stderr).toContain(
    "`shargpt` is not a dataset that can be fetched. Expected one of `sharegpt`",
  );
  const missing = await runRunner({ args: ["datasets", "inspect", "sharegpt"], cwd });
  expect(missing.exitCode).toBe(1);
  expect(missing.stderr).toBe(
    "Dataset `sharegpt` is not fetched yet: run `node bench-runner datasets fetch sharegpt`.",
  );
});
