// `compare` and `baseline save` over runs of the bundled runner against the fake server.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Comparison } from "../../bench-runner/decide/compare/comparison-types.ts";
import { createRandom } from "../../lib/core/prompts/random.ts";
import { type Behaviour, type FakeServer, startFakeServer } from "../fake/fake-server.ts";
import { makeFolder } from "../run/k6-run.ts";
import { closeBrowser, findEmpty, openPage, scrollThrough } from "../run/opened-page.ts";
import { type RunnerRun, runRunner } from "../run/runner-run.ts";

let server: FakeServer;
const runs: Record<"base" | "same" | "slow" | "wider" | "failing", string> = {
  ...{ base: "", same: "", slow: "", wider: "", failing: "" },
};

/** Waits that vary far more than a busy machine does: what two runs of this differ by is noise. */
function waits(factor: number, failShare = 0): (index: number) => Behaviour {
  const random = createRandom(11);
  const drawn = Array.from({ length: 1000 }, () => ({
    wait: 10 + 30 * random(),
    fails: random() < failShare,
  }));
  return (index) => {
    const { wait = 0, fails = false } = drawn[index % drawn.length] ?? {};
    if (fails) return { fault: { kind: "rst", afterTokens: 1 } };
    return { tokens: 8, firstTokenDelayMs: wait * factor, tokenDelayMs: 3 * factor };
  };
}

async function measure(behaviour: (index: number) => Behaviour, args: string[]): Promise<string> {
  server.setBehaviour(behaviour);
  const ran = await runRunner({ args: ["--url", server.url, "--quiet", ...args] });
  return ran.folder as string;
}

beforeAll(async () => {
  server = await startFakeServer();
  const load = ["--vus", "4", "--iterations", "160"];
  runs.base = await measure(waits(1), load);
  runs.same = await measure(waits(1), load);
  runs.slow = await measure(waits(3), load);
  runs.wider = await measure(waits(1), ["--vus", "8", "--iterations", "160"]);
  runs.failing = await measure(waits(1, 0.3), load);
});
afterAll(async () => {
  await closeBrowser();
  await server.close();
});

const compare = (args: string[], env: Record<string, string> = {}): Promise<RunnerRun> =>
  runRunner({ args: ["compare", ...args], env });
const toJson = ({ stdout }: RunnerRun) => JSON.parse(stdout) as Comparison;
const verdictOf = (comparison: Comparison, key: string) =>
  comparison.pairs[0]?.metrics.find((metric) => metric.key === key)?.verdict;

describe("two runs of the same load", () => {
  it("are within noise, and hold their requirements", async () => {
    const limits = ["--require", "ttft.median <= +60%", "--require", "success >= 99%"];
    const ran = await compare([runs.base, runs.same, "--confidence", "99%", ...limits]);
    expect(ran.stderr).toBe("");
    expect(ran.exitCode).toBe(0);
    expect(ran.stdout).toMatch(/^TTFT mean \(ms\) .* within noise$/m);
    expect(ran.stdout).toMatch(/^TTFT p95 \(ms\) .* within noise$/m);
    expect(ran.stdout).toContain("✓ held  ttft.median <= +60%");
    expect(ran.stdout).toContain("✓ held  success >= 99%: 100 %");
    expect(ran.stdout).toContain("run-to-run variation");
    expect(ran.stdout).toContain("TTFT p99: too few requests for an interval");
  });
});

describe("a server three times as slow", () => {
  it("is worse, and fails a build in one line", async () => {
    const page = join(makeFolder(), "page.md");
    const limit = ["--require", "ttft.p95 <= +10%"];
    const ran = await compare([runs.base, runs.slow, ...limit], { GITHUB_STEP_SUMMARY: page });
    expect(ran.exitCode).toBe(99);
    expect(ran.stdout).toMatch(/^TTFT median \(ms\) .* worse$/m);
    expect(ran.stdout).toMatch(/^Output tokens per second .* worse$/m);
    expect(ran.stdout).toMatch(/^✗ FAILED {2}ttft\.p95 <= \+10%: \+\d+ %/m);
    expect(readFileSync(page, "utf8")).toMatch(/\| ttft\.p95 <= \+10%: .* \| \*\*FAILED\*\* \|/);
  });

  it("is better the other way round", async () => {
    const ran = await compare([runs.slow, runs.base, "--json", "--require", "tpot.median <= -30%"]);
    expect(ran.exitCode).toBe(0);
    expect(verdictOf(toJson(ran), "ttft.median")).toBe("better");
    expect(verdictOf(toJson(ran), "requestsPerSecond")).toBe("better");
  });

  it("what cannot be told fails only where that is asked for", async () => {
    const args = [runs.base, runs.same, "--require", "ttft.p99 <= +1%"];
    expect((await compare(args)).exitCode).toBe(0);
    const strict = await compare([...args, "--strict"]);
    expect(strict.exitCode).toBe(99);
    expect(strict.stdout).toContain("? cannot tell  ttft.p99 <= +1%");
  });

  it("the page opens without a fault, with every chart drawn", async (context) => {
    const path = join(makeFolder(), "page.html");
    await compare([runs.base, runs.same, runs.slow, "--html", path]);
    const { page, faults } = await openPage(context, path);
    await scrollThrough(page);
    expect(await page.locator(".chart").count()).toBe(4);
    expect(await findEmpty(page)).toEqual([]);
    expect(faults).toEqual([]);
  });
});

describe("requests that fail", () => {
  it("are seen in the success rate", async () => {
    const ran = await compare([runs.base, runs.failing, "--json", "--require", "success >= -5%"]);
    expect(verdictOf(toJson(ran), "success")).toBe("worse");
    expect(ran.exitCode).toBe(99);
  });
});

describe("different loads", () => {
  it("are refused with what differs; by name or by force they are compared", async () => {
    const refused = await compare([runs.base, runs.wider, "--require", "ttft.p95 <= +10%"]);
    expect(refused.exitCode).toBe(2);
    expect(refused.stdout).toBe("");
    expect(refused.stderr).toBe(
      "These are not measurements of the same thing:\n  `vus`: 4 in BASE, 8 in NEW\n" +
        "Name the intended differences (`--allow vus`), or compare anyway with `--force`.",
    );
    const allowed = await compare([runs.base, runs.wider, "--allow", "vus"]);
    expect(allowed.exitCode).toBe(0);
    expect(allowed.stdout).toContain("! `vus`: 4 in BASE, 8 in NEW (allowed)");
    const forced = await compare([runs.base, runs.wider, "--force"]);
    expect(forced.exitCode).toBe(0);
    expect(forced.stdout).toContain("! `vus`: 4 in BASE, 8 in NEW\n");
  });

  it("a name that nothing has is refused, so that a typing error does not wait for its day", async () => {
    const ran = await compare([runs.base, runs.same, "--allow", "server-biuld"]);
    expect(ran.exitCode).toBe(2);
    expect(ran.stderr).toContain("`--allow server-biuld`: unknown name");
  });
});

describe("a baseline", () => {
  it("is a small file, gives the folder's comparison, and is not replaced by mistake", async () => {
    const file = join(makeFolder(), "baseline.json");
    const save = (...more: string[]) =>
      runRunner({ args: ["baseline", "save", runs.base, "-o", file, ...more] });
    const saved = await save();
    expect([saved.exitCode, saved.stdout]).toEqual([0, file]);
    expect(readFileSync(file).length).toBeLessThan(30_000);
    const [ofFile, ofFolder] = [
      toJson(await compare([file, runs.slow, "--json"])),
      toJson(await compare([runs.base, runs.slow, "--json"])),
    ];
    expect(ofFile.pairs).toEqual(ofFolder.pairs);
    const again = await save();
    expect(again.exitCode).toBe(2);
    expect(again.stderr).toContain("already exists");
    expect((await save("--force")).exitCode).toBe(0);
  });
});

describe("repeats on both sides", () => {
  it("give intervals from how they differ", async () => {
    const load = ["--vus", "4", "--iterations", "40", "--repeat", "3"];
    const [base, slow] = [await measure(waits(1), load), await measure(waits(3), load)];
    expect(existsSync(join(base, "repeat-3"))).toBe(true);
    const ran = await compare([base, slow, "--json"]);
    expect(toJson(ran).pairs[0]?.method).toBe("repeats");
    expect(verdictOf(toJson(ran), "ttft.mean")).toBe("worse");
    expect(toJson(ran).pairs[0]?.next.runs).toHaveLength(3);
  });
});
