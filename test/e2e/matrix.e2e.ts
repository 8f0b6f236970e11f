// `matrix` over real runs: the table, the files, the page in a real browser, and what is wrong in one sentence.
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { startFakeServer } from "../fake/fake-server.ts";
import { makeFolder } from "../run/k6-run.ts";
import {
  askPage,
  changeColours,
  closeBrowser,
  findBarriers,
  findEmpty,
  keepPicture,
  openPage,
  scrollThrough,
} from "../run/opened-page.ts";
import { runRunner } from "../run/runner-run.ts";

afterAll(closeBrowser);

let made: Promise<string> | undefined;

/** A folder with `runs/`: two models, one of them with three loads, one load of it repeated; one run with failures. */
function makeRuns(): Promise<string> {
  made ??= (async () => {
    const cwd = makeFolder();
    let isFailing = false;
    let request = 0;
    const behaviour = () => {
      request += 1;
      const base = { tokens: 8, tokenDelayMs: 2, promptTokens: 20 } as const;
      return isFailing && request % 3 === 0
        ? ({ ...base, fault: { kind: "fin", afterTokens: 4 } } as const)
        : base;
    };
    const server = await startFakeServer({ behaviour });
    const run = async (...args: string[]) => {
      const { exitCode, stderr } = await runRunner({ cwd, args: ["--url", server.url, ...args] });
      // 99: a threshold failed, as it does where answers are cut.
      if (exitCode !== 0 && exitCode !== 99) throw new Error(`${args.join(" ")}: ${stderr}`);
    };
    try {
      for (const clients of ["1", "2", "4"]) {
        const more = clients === "2" ? ["--repeat", "2"] : [];
        await run("--model-alias", "quick", "--vus", clients, "--iterations", "8", ...more);
      }
      isFailing = true;
      await run("--model-alias", "frail", "--vus", "2", "--iterations", "8");
    } finally {
      await server.close();
    }
    return cwd;
  })();
  return made;
}

async function matrix(cwd: string, ...args: string[]) {
  return runRunner({ cwd, args: ["matrix", ...args] });
}

describe("matrix", () => {
  it("finds the runs of a folder, repeats in theirs, and says what varies", async () => {
    const cwd = await makeRuns();
    const { exitCode, stdout } = await matrix(cwd, "runs", "-o", "out");
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^5 runs: 2 models, 3 loads$/m);
    expect(stdout).toMatch(/^frail +2 clients +1 /m);
    expect(stdout).toMatch(/^quick +1 client +1 +\d/m);
    expect(stdout).toMatch(/^quick +2 clients +2 +\d/m);
    expect(stdout).toMatch(/requests failed; latencies do not include them\./);
    // What the runs share is said once.
    expect(stdout).toContain("workload own prompts · mode stream");
    expect(readdirSync(join(cwd, "out")).sort()).toEqual(["matrix.csv", "matrix.html", "matrix.md"]);
  });

  it("gives each run's own figures: the CSV has those of its summary", async () => {
    const cwd = await makeRuns();
    const { stdout } = await matrix(cwd, "runs", "-o", "out", "--json");
    const json = JSON.parse(stdout) as {
      cells: {
        place: Record<string, string>;
        figures: Record<string, { median: number; low?: number; high?: number }>;
        folders: string[];
      }[];
    };
    expect(json.cells).toHaveLength(4);
    for (const { figures, folders } of json.cells) {
      const values = folders.map(
        (folder) =>
          JSON.parse(readFileSync(join(folder, "summary.json"), "utf8")).metrics.ttft.median as number,
      );
      const middle = values.reduce((sum, value) => sum + value, 0) / values.length;
      expect(figures.ttftMedian?.median).toBeCloseTo(middle, 9);
      expect(figures.ttftMedian?.low).toBe(values.length === 1 ? undefined : Math.min(...values));
    }
    const rows = readFileSync(join(cwd, "out", "matrix.csv"), "utf8")
      .trim()
      .split("\n");
    expect(rows.filter((row) => row.includes("failed_requests"))).not.toEqual([]);
  });

  it("regenerates a missing summary, and makes a folder of its own next to the runs", async () => {
    const cwd = await makeRuns();
    const [first] = readdirSync(join(cwd, "runs"));
    const summary = join(cwd, "runs", first as string, "summary.json");
    rmSync(summary);
    const { exitCode, stdout } = await matrix(cwd, join("runs", first as string));
    expect(exitCode).toBe(0);
    expect(existsSync(summary)).toBe(true);
    const folder = readdirSync(join(cwd, "runs")).find((name) => name.endsWith("-matrix"));
    expect(stdout).toContain(join(cwd, "runs", folder as string, "matrix.html"));
    // It is no run itself.
    expect((await matrix(cwd, "runs", "-o", "out")).stdout).toMatch(/^5 runs:/m);
  });

  it("puts side by side what is asked for", async () => {
    const { stdout } = await matrix(
      await makeRuns(),
      "runs",
      "-o",
      "out",
      "--rows",
      "load",
      "--columns",
      "model",
    );
    expect(stdout).toMatch(/^TTFT median \(ms\)\nload +frail +quick$/m);
    expect(stdout).toMatch(/^1 client +\d/m);
  });

  it("shows the tasks of the runs where they are asked for", async () => {
    const { stdout } = await matrix(
      await makeRuns(),
      "runs",
      "-o",
      "out",
      "--rows",
      "task",
      "--columns",
      "model",
    );
    expect(stdout).toMatch(/^5 runs: \d tasks, 2 models, 3 loads$/m);
    expect(stdout).toMatch(/^TTFT median \(ms\)\ntask +load +frail +quick\nchat +1 client /m);
  });

  it.each([
    [["nowhere"], 1, /^`nowhere` cannot be read: it does not exist\.$/],
    [
      ["."],
      1,
      /^`\.` contains no run: no folder in it, up to 4 levels deep, has a summary\.json or a records\.jsonl\./,
    ],
    [["runs", "--rows", "colour"], 2, /^`--rows`: expected one of `model`, .* got `colour`\.$/],
    [[], 2, /missing required argument/i],
  ])("%j ends with one sentence", async (args, code, sentence) => {
    const isEmpty = args[0] === ".";
    const { exitCode, stderr } = await matrix(isEmpty ? makeFolder() : await makeRuns(), ...args);
    expect(stderr).toMatch(sentence);
    expect(exitCode).toBe(code);
  });
});

describe("matrix.html", () => {
  it("is drawn whole and without barriers, light and dark", async (context) => {
    const cwd = await makeRuns();
    await matrix(cwd, "runs", "-o", "out");
    const { page, faults } = await openPage(context, join(cwd, "out", "matrix.html"));
    for (const colorScheme of ["light", "dark"] as const) {
      await changeColours(page, colorScheme);
      await scrollThrough(page);
      expect(await page.locator(".chart").count()).toBeGreaterThanOrEqual(7);
      expect(await findEmpty(page)).toEqual([]);
      for (const id of ["latency", "throughput", "success", "numbers", "notes"]) {
        expect(await page.locator(`section#${id}`).count(), id).toBe(1);
      }
      expect(await findBarriers(page)).toEqual([]);
      await keepPicture(page, `matrix-${colorScheme}`);
    }
    expect(faults).toEqual([]);
    await page.close();
  });

  it("leads from a cell to the run's report, and from a point of a chart by keyboard", async (context) => {
    const cwd = await makeRuns();
    await matrix(cwd, "runs", "-o", "out");
    const { page } = await openPage(context, join(cwd, "out", "matrix.html"));
    const links = await page.locator("#numbers td a").all();
    expect(links).toHaveLength(5);
    await links[0]?.click();
    await page.waitForURL(/report\.html$/);
    expect(basename(new URL(page.url()).pathname)).toBe("report.html");
    await page.goBack();
    await page.waitForSelector("html[data-ready]");
    await page.locator("#chart-ttftMedian").focus();
    await page.locator("#chart-ttftMedian svg").waitFor();
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    await page.waitForURL(/report\.html$/);
    await page.close();
  });

  it("is as narrow as a phone", async (context) => {
    const cwd = await makeRuns();
    await matrix(cwd, "runs", "-o", "out");
    const { page, faults } = await openPage(context, join(cwd, "out", "matrix.html"), {
      viewport: { width: 360, height: 740 },
    });
    await scrollThrough(page);
    expect(await askPage(page, "document.documentElement.scrollWidth")).toBe(360);
    expect(faults).toEqual([]);
    await keepPicture(page, "matrix-phone");
    await page.close();
  });
});
