// `--listen`: what the runner serves of a run while it goes on, read by a test, a real Prometheus and a real browser.
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { execa } from "execa";
import { chromium } from "playwright-core";
import { expect, it } from "vitest";
import { choosePort } from "../../bench-runner/servers/start/server-port.ts";
import type { Summary } from "../../bench-runner/summary/summary.ts";
import { startFakeServer } from "../fake/fake-server.ts";
import { findCollisions } from "../run/chart-collisions.ts";
import { makeFolder } from "../run/k6-run.ts";
import { askPage, keepPicture } from "../run/opened-page.ts";
import { type RunnerRun, runRunner } from "../run/runner-run.ts";
import { needTool } from "../run/tool.ts";
import { sumOf } from "../unit-support/examples/metric-lines.ts";

const BEHAVIOUR = { tokens: 12, tokenDelayMs: 10 };
/** With it the runner waits for one more reading of the final numbers, as it does for Prometheus. */
const AS_PROMETHEUS = { headers: { "x-prometheus-scrape-timeout-seconds": "1" } };

/** Asks again and again until the answer is there, at most 30 s. */
async function until<T>(what: string, ask: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 600; tries++) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error(`${what} did not come within 30 s`);
}

/** A run against the fake server, some clients answered with an error. @param watch gets where the runner listens */
async function runListening(
  args: readonly string[],
  watch: (url: URL, pid: number) => Promise<void>,
  listen = "127.0.0.1:0",
): Promise<RunnerRun> {
  const server = await startFakeServer({
    behaviour: (index) => (index % 10 === 7 ? { status: 500 } : BEHAVIOUR),
  });
  try {
    return await runRunner({
      args: ["--url", server.url, "--listen", listen, "--vus", "4", ...args],
      whileRunning: async (pid, output) => {
        const url = await until("the address", () => /Live charts: (http:\S+)/.exec(output())?.[1]);
        await watch(new URL(url), pid);
      },
    });
  } finally {
    await server.close();
  }
}

/** Every reading of /metrics until the runner is gone. */
async function readToTheEnd(url: URL, options?: RequestInit): Promise<string[]> {
  const texts: string[] = [];
  for (;;) {
    try {
      texts.push(await (await fetch(new URL("metrics", url), options)).text());
    } catch {
      return texts;
    }
  }
}

/** What a summary says, by the names of the metrics that must say the same. */
function toExpected({ requests, tokens, metrics }: Summary): Record<string, number | undefined> {
  return {
    server_bench_requests_total: requests.measured,
    server_bench_prompt_tokens_total: tokens.prompt,
    server_bench_completion_tokens_total: tokens.completion,
    server_bench_ttft_seconds_count: metrics.ttft?.count,
    server_bench_tpot_seconds_count: metrics.tpot?.count,
    server_bench_e2e_seconds_count: metrics.e2e?.count,
  };
}

it("/metrics counts up while a run goes on, and ends with the summary's numbers", async () => {
  let texts: string[] = [];
  let events = "";
  const run = await runListening(["--duration", "4s", "--warmup-requests", "10"], async (url) => {
    const stream = fetch(new URL("events", url)).then((answer) => answer.text());
    texts = await readToTheEnd(url, AS_PROMETHEUS);
    events = await stream;
  });
  const summary = run.summary as Summary;
  const counts = texts.map((text) => sumOf(text, "server_bench_requests_total"));
  expect(counts).toEqual([...counts].sort((a, b) => a - b));
  expect(new Set(counts).size).toBeGreaterThan(3); // it moved
  expect(texts.some((text) => sumOf(text, "server_bench_in_flight") > 0)).toBe(true);

  const last = texts.at(-1) as string;
  for (const [name, value] of Object.entries(toExpected(summary))) {
    expect(sumOf(last, name, { phase: "measure" }), name).toBe(value);
  }
  for (const [verdict, count] of Object.entries(summary.requests.byVerdict)) {
    expect(sumOf(last, "server_bench_requests_total", { verdict, phase: "measure" }), verdict).toBe(count);
  }
  expect(sumOf(last, "server_bench_requests_total", { phase: "warmup" })).toBe(10);
  expect(summary.requests.byVerdict).toMatchObject({ http_error: expect.any(Number) });
  expect(sumOf(last, "server_bench_ttft_seconds_sum", { phase: "measure" })).toBeCloseTo(
    ((summary.metrics.ttft?.mean ?? 0) * (summary.metrics.ttft?.count ?? 0)) / 1000,
    6,
  );
  const journal = readFileSync(join(run.folder as string, "records.jsonl"), "utf8")
    .trim()
    .split("\n");
  const tokens = journal.reduce((sum, line) => sum + (JSON.parse(line).tokenEvents ?? 0), 0);
  expect(sumOf(last, "server_bench_output_tokens_total")).toBe(tokens);
  expect(sumOf(last, "server_bench_in_flight")).toBe(0);
  expect(sumOf(last, "server_bench_clients")).toBe(4);

  const names = [...events.matchAll(/^event: (\w+)$/gm)].map(([, name]) => name);
  expect([names[0], names.at(-1)]).toEqual(["history", "end"]);
  expect(names.filter((name) => name === "point").length).toBeGreaterThanOrEqual(3);
});

it("a real Prometheus scrapes it, and answers queries with the summary's numbers", async (context) => {
  const program = needTool(context, "prometheus");
  const folder = makeFolder();
  const host = "127.0.0.1";
  const [listen, own] = [`${host}:${await choosePort(host, undefined)}`, await choosePort(host, undefined)];
  const config = {
    global: { scrape_interval: "300ms", scrape_timeout: "300ms" },
    scrape_configs: [{ job_name: "server-bench", static_configs: [{ targets: [listen] }] }],
  };
  writeFileSync(join(folder, "prometheus.yml"), JSON.stringify(config)); // JSON is YAML
  const prometheus = execa(
    program,
    [
      `--config.file=${join(folder, "prometheus.yml")}`,
      `--storage.tsdb.path=${join(folder, "data")}`,
      `--web.listen-address=${host}:${own}`,
    ],
    { reject: false, stdin: "ignore", timeout: 100_000 },
  );
  const query = async (
    text: string,
  ): Promise<{ metric: Record<string, string>; value: [number, string] }[]> => {
    const url = `http://${host}:${own}/api/v1/query?query=${encodeURIComponent(text)}`;
    const { status, data } = (await (await fetch(url)).json()) as { status: string; data: { result: [] } };
    expect(status).toBe("success");
    return data.result;
  };
  const numberOf = async (text: string) => {
    const [first] = await query(text);
    return first && Number(first.value[1]);
  };
  try {
    await until("Prometheus", () =>
      fetch(`http://${host}:${own}/-/ready`).then(
        (a) => a.ok || undefined,
        () => undefined,
      ),
    );
    const run = await runListening(
      ["--duration", "5s", "--name", "watched"],
      async () => {
        await until("a scrape of the running load", async () => {
          const inFlight = await numberOf("server_bench_in_flight");
          return inFlight !== undefined && inFlight > 0 ? inFlight : undefined;
        });
        expect(await query("server_bench_run_info")).toMatchObject([
          { metric: { name: "watched", scenario: "script" } },
        ]);
      },
      listen,
    );
    const summary = run.summary as Summary;
    // The target is gone, and Prometheus knows: what it saw last is asked for.
    const lastOf = (name: string) => `last_over_time(${name}{phase="measure"}[5m])`;
    await until(
      "the last scrape in the database",
      async () =>
        (await numberOf(`sum(${lastOf("server_bench_requests_total")})`)) === summary.requests.measured ||
        undefined,
    );
    for (const [name, value] of Object.entries(toExpected(summary))) {
      expect(await numberOf(`sum(${lastOf(name)})`), name).toBe(value);
    }
    const byVerdict = await query(`sum by (verdict) (${lastOf("server_bench_requests_total")})`);
    expect(
      Object.fromEntries(byVerdict.map(({ metric, value }) => [metric.verdict, Number(value[1])])),
    ).toEqual(summary.requests.byVerdict);
  } finally {
    prometheus.kill();
    await prometheus;
  }
});

it("the page draws its charts in a real browser, without an error", async (context) => {
  const browser = await chromium.launch({
    executablePath: needTool(context, "chromium"),
    args: ["--no-sandbox"],
  });
  try {
    await runListening(["--duration", "6s", "--name", "<b>bold</b>", "--slo", "ttft=50ms"], async (url) => {
      const page = await browser.newPage();
      const faults: string[] = [];
      page.on("console", (message) => message.type() === "error" && faults.push(message.text()));
      page.on("pageerror", (error) => faults.push(error.message));
      page.on("request", (request) => request.url().startsWith(url.href) || faults.push(request.url()));
      await page.goto(url.href);
      expect(await page.textContent("h1")).toBe("<b>bold</b>");
      // Not by a script: the page's policy lets only its own run.
      await until(
        "a line of two points",
        async () => (await page.getAttribute("#ttft path", "d"))?.includes("L") || undefined,
      );
      for (const id of ["requests", "tokens", "ttft", "tpot", "e2e", "inflight", "failures"]) {
        expect(await page.getAttribute(`#${id} path`, "d"), id).toMatch(/^M[\d.]+ [\d.]+h0\.1L/);
        expect(await page.getAttribute(`#${id} svg`, "aria-label"), id).toMatch(/: .*\d/);
      }
      expect(await page.textContent("#ttft .note")).toContain("SLO 50.00 ms: ");
      await page.waitForSelector(`#state[data-state="ended"]`);
      expect(await page.textContent("#sums")).toMatch(/^[\d,]+ completed, [\d,]+ failed$/);
      for (const width of [1200, 390]) {
        await page.setViewportSize({ width, height: 850 });
        // The charts are drawn again as wide as their place.
        await expect.poll(() => findCollisions(page, "main svg"), { timeout: 10_000 }).toEqual([]);
        expect(await askPage(page, "document.documentElement.scrollWidth")).toBe(width);
      }
      expect(faults).toEqual([]);
      await keepPicture(page, "live-page");
    });
  } finally {
    await browser.close();
  }
});

it("it stays over all repeats, and counts on", async () => {
  let texts: string[] = [];
  const run = await runListening(["--iterations", "20", "--repeat", "2"], async (url) => {
    texts = await readToTheEnd(url, AS_PROMETHEUS);
  });
  const summaries = [1, 2].map(
    (number) =>
      JSON.parse(
        readFileSync(join(run.folder as string, `repeat-${number}/summary.json`), "utf8"),
      ) as Summary,
  );
  const last = texts.at(-1) as string;
  const [first, second] = summaries.map(toExpected);
  for (const [name, value] of Object.entries(first ?? {})) {
    expect(sumOf(last, name), name).toBe((value ?? 0) + (second?.[name] ?? 0));
  }
});

it("Ctrl-C ends it with the run, even while clients are connected", async () => {
  let events = "";
  const run = await runListening(["--duration", "60s"], async (url, pid) => {
    const stream = fetch(new URL("events", url)).then((answer) => answer.text());
    await until("a request", async () => {
      const text = await (await fetch(new URL("metrics", url), AS_PROMETHEUS)).text();
      return sumOf(text, "server_bench_requests_total") > 0 || undefined;
    });
    process.kill(pid, "SIGINT");
    events = await stream;
  });
  expect(run.exitCode).toBe(105);
  expect(run.summary?.run.partial).toBe(true);
  expect(run.stderr).not.toContain("Waiting for Prometheus");
  expect(events).toContain("event: end");
});

it("a port that is taken, or an address that is none, is said before anything is started", async () => {
  const other = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => other.once("listening", resolve));
  const { port } = other.address() as AddressInfo;
  const cwd = makeFolder();
  const server = await startFakeServer({ behaviour: {} });
  const taken = await runRunner({ cwd, args: ["--url", server.url, "--listen", `${port}`] });
  other.close();
  await server.close();
  expect(server.chats).toHaveLength(0);
  expect(taken.exitCode).toBe(1);
  expect(taken.stderr).toContain(
    `\`--listen 127.0.0.1:${port}\`: the port is in use. Choose another one, or port 0 for any free one.`,
  );
  const wrong = await runRunner({ cwd, args: ["--url", "http://127.0.0.1:1", "--listen", "here"] });
  expect(wrong.exitCode).toBe(2);
  expect(wrong.stderr).toContain("expected HOST:PORT or a port");
  expect(existsSync(join(cwd, "runs"))).toBe(false);
});
