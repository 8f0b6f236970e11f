// `doctor` and `init`, really run.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { startFakeServer } from "../fake/fake-server.ts";
import { makeFolder, ownK6 } from "../run/k6-run.ts";
import { makeProgram, runRunner } from "../run/runner-run.ts";

interface Checked {
  schema: string;
  canRun: boolean;
  checks: { name: string; status: string; text: string; remedy?: string }[];
}

async function examine(env: Record<string, string> = {}, args: string[] = []) {
  const run = await runRunner({
    args: ["doctor", "--json", ...args],
    env: { SERVER_BENCH_LOCAL_PORTS: "1", LLAMA_SERVER_BIN_PATH: "", ...env },
  });
  const found = JSON.parse(run.stdout) as Checked;
  return { ...run, ...found, of: (name: string) => found.checks.find((check) => check.name === name) };
}

describe("doctor", () => {
  it("checks everything, tests the kernel's stamps with a request, and says that the machine is ready", async () => {
    const { checks, of, canRun, exitCode, schema } = await examine();
    expect(schema).toBe("server-bench/doctor/1");
    expect(checks.map(({ name }) => name)).toEqual([
      ...["Node", "Go", "k6", "time stamps", "priority", "llama-server", "servers here"],
      ...["GPU tools", "ports", "open files", "clock", "free disk"],
    ]);
    expect(of("Node")).toMatchObject({ status: "ok", text: expect.stringContaining(process.versions.node) });
    expect(of("k6")).toMatchObject({ status: "ok", text: expect.stringContaining(ownK6) });
    if (process.platform === "linux") expect(of("time stamps")?.status).toBe("ok");
    expect(of("servers here")?.status).toBe("absent");
    expect(canRun).toBe(true);
    expect(exitCode).toBe(0);
  });

  it("is aligned text without --json, within 110 columns in a pipe", async () => {
    const { stdout, exitCode } = await runRunner({
      args: ["doctor"],
      env: { LC_ALL: "C.UTF-8", SERVER_BENCH_LOCAL_PORTS: "1" },
    });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^✓ Node {10}/);
    expect(stdout).toMatch(/This machine is ready/);
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(110);
  });

  it("names a server of this machine that answers", async () => {
    const server = await startFakeServer();
    const { of } = await examine({ SERVER_BENCH_LOCAL_PORTS: String(server.port) });
    await server.close();
    expect(of("servers here")).toMatchObject({ status: "ok", text: expect.stringContaining("llama-server") });
  });

  it("fails with exit code 1 where k6 lacks the extension, and says what to do", async () => {
    const k6 = makeProgram(makeFolder(), "k6", "#!/bin/sh\necho 'k6 v2.2.0 (plain)'\n");
    const { of, canRun, exitCode } = await examine({ BENCH_K6_BIN_PATH: k6 });
    expect(of("k6")).toMatchObject({ status: "fail", remedy: expect.stringContaining("npm run setup") });
    expect(of("time stamps")).toMatchObject({ status: "absent", text: "not tested: it needs k6" });
    expect(canRun).toBe(false);
    expect(exitCode).toBe(1);
  });

  it("warns where the kernel's stamps are switched off", async () => {
    const { of, exitCode } = await examine({ SERVER_BENCH_STAMPS: "user" });
    expect(of("time stamps")).toMatchObject({ status: "warn", remedy: "Unset `SERVER_BENCH_STAMPS`." });
    expect(exitCode).toBe(0);
  });

  it("tries them with one request, whatever load the person's variables ask for", async () => {
    const { of } = await examine({ SERVER_BENCH_RATE: "5", SERVER_BENCH_ENDPOINT: "completions" });
    if (process.platform === "linux") expect(of("time stamps")?.status).toBe("ok");
  });

  it("fails where more streams are asked for than files may be open", async () => {
    const { of, exitCode } = await examine({}, ["--streams", "100000000"]);
    expect(of("open files")?.status).toBe("fail");
    expect(of("ports")?.status).not.toBe("ok");
    expect(exitCode).toBe(1);
  });

  it("warns where llama-server does not start", async () => {
    const server = makeProgram(
      makeFolder(),
      "llama-server",
      "#!/bin/sh\necho 'no libfoo.so' >&2\nexit 127\n",
    );
    const { of, exitCode } = await examine({ LLAMA_SERVER_BIN_PATH: server });
    expect(of("llama-server")).toMatchObject({
      status: "warn",
      text: expect.stringContaining("no libfoo.so"),
    });
    expect(exitCode).toBe(0);
  });

  it("refuses a number of streams that is none", async () => {
    const { exitCode, stderr } = await runRunner({ args: ["doctor", "--streams", "many"] });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("`--streams`: expected a whole number above 0, got `many`.");
  });
});

describe("init", () => {
  it("writes a file once, and again only with --force", async () => {
    const cwd = makeFolder();
    const first = await runRunner({ args: ["init"], cwd });
    expect(first.exitCode).toBe(0);
    const text = readFileSync(join(cwd, "server-bench.yaml"), "utf8");
    expect(text).toContain("url: http://localhost:8080/v1");
    const second = await runRunner({ args: ["init"], cwd });
    expect(second.exitCode).toBe(1);
    expect(second.stderr).toContain(
      "server-bench.yaml already exists. Keep it, or replace it with `init --force`.",
    );
    expect((await runRunner({ args: ["init", "--force"], cwd })).exitCode).toBe(0);
  });

  it("writes a file that a run then reads", async () => {
    const server = await startFakeServer({ behaviour: { tokens: 2 } });
    const cwd = makeFolder();
    await runRunner({ args: ["init"], cwd });
    const path = join(cwd, "server-bench.yaml");
    const text = readFileSync(path, "utf8");
    writeFileSync(
      path,
      text
        .replace("http://localhost:8080/v1", `${server.url}/v1`)
        .replace("# nPrompts: <n>", "nPrompts: 3")
        .replace("# topK: <n>", "topK: 7"),
    );
    const { exitCode, config } = await runRunner({ args: ["--vus", "1"], cwd });
    await server.close();
    expect(exitCode).toBe(0);
    expect(config?.values).toMatchObject({ nPrompts: 3, topK: 7 });
    expect(config?.origins).toMatchObject({ nPrompts: "file", seed: "file", vus: "flag" });
    expect(server.chats).toHaveLength(3);
  });
});
