// k6's own environment and configuration file change nothing in a run of the runner; further outputs are possible on purpose.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { startFakeServer } from "../fake/fake-server.ts";
import { makeFolder } from "../run/k6-run.ts";
import { runRunner } from "../run/runner-run.ts";

const LOAD = ["--vus", "2", "--iterations", "8", "--max-tokens", "4", "--truncated-limit", "1"];

it("k6's variables and its file, which would slow or stop a run, are named once and have no effect", async () => {
  const server = await startFakeServer();
  const home = makeFolder();
  mkdirSync(join(home, "k6"));
  writeFileSync(join(home, "k6", "config.json"), '{"rps": 1, "noConnectionReuse": true}');
  const env = {
    XDG_CONFIG_HOME: home,
    K6_RPS: "1",
    K6_MIN_ITERATION_DURATION: "5s",
    K6_PAUSED: "true",
    K6_LINGER: "true",
    K6_OUT: "json=unwanted.json",
  };
  const cwd = makeFolder();
  const run = await runRunner({ args: ["--url", server.url, ...LOAD, "--repeat", "2"], env, cwd });
  await server.close();
  expect(run.exitCode).toBe(0);
  const said = run.stderr.match(/k6's own settings change nothing here: .*/g);
  expect(said).toHaveLength(1);
  expect(said?.[0]).toContain(
    "`K6_LINGER`, `K6_MIN_ITERATION_DURATION`, `K6_OUT`, `K6_PAUSED`, `K6_RPS` in the environment; `rps`, `noConnectionReuse` in ",
  );
  expect(server.chats).toHaveLength(16);
  // At one request a second the 8 of a repeat would take 7 s.
  const spans = [server.chats.slice(0, 8), server.chats.slice(8)].map(
    (chats) => (chats.at(-1)?.arrivedUnixMs ?? 0) - (chats[0]?.arrivedUnixMs ?? 0),
  );
  for (const span of spans) expect(span).toBeLessThan(5_000);
  expect(existsSync(join(cwd, "unwanted.json"))).toBe(false);
});

it("an output and a tag are k6's where they are asked for", async () => {
  const server = await startFakeServer();
  const cwd = makeFolder();
  const run = await runRunner({
    args: ["--url", server.url, ...LOAD, "--k6-out", "json=samples.json", "--k6-tag", "team=search"],
    cwd,
  });
  await server.close();
  expect(run.exitCode).toBe(0);
  expect(run.stderr).not.toContain("k6's own settings");
  const lines = readFileSync(join(cwd, "samples.json"), "utf8").trim().split("\n");
  const points = lines.map((line) => JSON.parse(line)).filter(({ type }) => type === "Point");
  expect(points.length).toBeGreaterThan(8);
  for (const { data } of points) expect(data.tags.team).toBe("search");
});
