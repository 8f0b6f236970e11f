// The whole of `--listen` over real connections, with a journal that the test writes.
import { appendFileSync, mkdtempSync } from "node:fs";
import { get } from "node:http";
import { type AddressInfo, connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { request, writeJournal } from "../../../test/unit-support/examples/example-journal.ts";
import { sumOf } from "../../../test/unit-support/examples/metric-lines.ts";
import { LiveRun } from "./live-run.ts";

let live: LiveRun | undefined;
const said: string[] = [];
const makePath = () => join(mkdtempSync(join(tmpdir(), "server-bench-live-")), "records.jsonl");

async function open(listen = "127.0.0.1:0"): Promise<URL> {
  said.length = 0;
  const run = { name: "a <run>", scenario: "script", version: "1" };
  const page = { script: "draw()", style: "a{}" };
  live = await LiveRun.open({
    ...{ listen, run, page, repeats: 2, slos: [{ metric: "ttft", limitMs: 200 }] },
    say: (text) => said.push(text),
  });
  return new URL(/http:\S+/.exec(said[0] as string)?.[0] as string);
}

afterEach(async () => {
  await live?.close();
  live = undefined;
});

const textOf = async (url: URL) => (await fetch(url)).text();
const progress = (tMs: number, tokens: number) =>
  `${JSON.stringify({ type: "progress", tMs, tokens, inFlight: 1, started: 1, done: 0, failed: 0 })}\n`;

describe("listening", () => {
  it("prints the address, and warns if other machines can connect", async () => {
    expect((await open()).hostname).toBe("127.0.0.1");
    expect(said).toHaveLength(1);
    await live?.close();
    await open("0.0.0.0:0");
    expect(said[1]).toMatch(/^Warning: `--listen 0.0.0.0:0` is open to other machines/);
  });

  it("refuses a port that is in use, and a host of another machine", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await new Promise((resolve) => other.once("listening", resolve));
    const { port } = other.address() as AddressInfo;
    await expect(open(`${port}`)).rejects.toThrow(`\`--listen 127.0.0.1:${port}\`: the port is in use`);
    await expect(open("192.0.2.1:0")).rejects.toThrow("192.0.2.1 is not an address of this machine");
    other.close();
  });

  it("answers the page, health and metrics, and nothing else", async () => {
    const url = await open();
    const page = await fetch(url);
    expect(await page.text()).toContain("<h1>a &#60;run&#62;</h1>");
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
    expect(await textOf(new URL("healthz", url))).toBe("ok\n");
    const metrics = await fetch(new URL("metrics?a=1", url));
    expect(metrics.headers.get("content-type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    for (const path of ["favicon.ico", "metrics/", "../etc/passwd", "events/1"]) {
      expect((await fetch(new URL(path, url))).status, path).toBe(404);
    }
    const post = await fetch(new URL("metrics", url), { method: "POST", body: "x" });
    expect([post.status, post.headers.get("allow")]).toEqual([405, "GET"]);
  });

  it("refuses names of other machines", async () => {
    const { port } = await open();
    const status = await new Promise((resolve, reject) => {
      const asked = { port, host: "127.0.0.1", path: "/metrics", headers: { host: `evil.example:${port}` } };
      get(asked, (answer) => resolve(answer.resume().statusCode)).on("error", reject);
    });
    expect(status).toBe(403);
  });
});

describe("a run", () => {
  it("is counted over its repeats, from each journal at the time of the scrape", async () => {
    const url = new URL("metrics", await open());
    const first = makePath();
    await live?.follow(first, 8);
    writeJournal(first, [request(1, 0), request(2, 0)], false);
    expect(sumOf(await textOf(url), "server_bench_requests_total", { verdict: "complete" })).toBe(2);
    appendFileSync(first, progress(1000, 9));
    expect(sumOf(await textOf(url), "server_bench_in_flight")).toBe(1);
    await live?.settle();
    expect(sumOf(await textOf(url), "server_bench_in_flight")).toBe(0);

    const second = makePath();
    await live?.follow(second, 8);
    writeJournal(second, [request(1, 0)], false);
    appendFileSync(second, progress(1000, 4));
    await live?.settle();
    const text = await textOf(url);
    expect(sumOf(text, "server_bench_requests_total")).toBe(3);
    expect(sumOf(text, "server_bench_output_tokens_total")).toBe(13);
  });

  it("sends a late visitor the history, then new events, and ends every connection with the run", async () => {
    const url = await open();
    const path = makePath();
    await live?.follow(path, 8);
    writeJournal(path, [request(1, 0)], false);
    appendFileSync(path, progress(1000, 9));
    await textOf(new URL("metrics", url));
    const stream = await fetch(new URL("events", url));
    expect(stream.headers.get("content-type")).toBe("text/event-stream");
    // An idle open connection must not keep the runner from ending.
    const idle = connect(Number(url.port), "127.0.0.1");
    await new Promise((resolve) => idle.once("connect", resolve));
    const idleClosed = new Promise((resolve) => idle.once("close", resolve));
    appendFileSync(path, progress(2000, 29));
    await live?.settle();
    await live?.close();
    const events = [...(await stream.text()).matchAll(/event: (\w+)\ndata: (.*)\n\n/g)];
    expect(events.map(([, name]) => name)).toEqual(["history", "point", "end"]);
    const [history, point] = events.map(([, , data]) => JSON.parse(data as string));
    expect(history.state).toEqual({ repeat: 1, repeats: 2, slos: [{ metric: "ttft", limitMs: 200 }] });
    expect(history.points).toHaveLength(1);
    expect(point).toMatchObject({ outputTokensPerSecond: 20, inFlight: 1, completed: 1 });
    await idleClosed;
    await expect(fetch(url)).rejects.toThrow();
  });

  it("waits for the last scrape by Prometheus and reports it, unless it has happened", async () => {
    const url = new URL("metrics", await open());
    const scrape = () => fetch(url, { headers: { "X-Prometheus-Scrape-Timeout-Seconds": "1" } });
    const neverStopped = new AbortController().signal;
    await live?.follow(makePath(), 8);
    await scrape();
    await live?.settle();
    let isOver = false;
    const waiting = live?.waitForLastScrape(neverStopped).then(() => {
      isOver = true;
    });
    expect(said.at(-1)).toContain("Waiting for Prometheus's last scrape");
    expect(isOver).toBe(false);
    await scrape();
    await waiting;
    const before = said.length;
    await live?.waitForLastScrape(neverStopped);
    expect(said).toHaveLength(before);
  });

  it("without records has no numbers, and no zeros instead", async () => {
    const url = await open();
    await live?.follow(makePath(), 8);
    const text = await textOf(new URL("metrics", url));
    expect(text).not.toMatch(/^server_bench_(ttft|requests|prompt)\S* /m);
  });
});
