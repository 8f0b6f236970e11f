// The runner in a real terminal (tmux), through its launcher, as a person uses it.
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { expect, it } from "vitest";
import { startFakeServer } from "../fake/fake-server.ts";
import { makeFolder, ownK6 } from "../run/k6-run.ts";
import { needTool } from "../run/tool.ts";

const root = new URL("../..", import.meta.url).pathname;
const columns = 100;

/** Asks again and again until the answer is there, at most 30 s. */
async function until<T>(what: string, ask: () => Promise<T | undefined>): Promise<T> {
  for (let tries = 0; tries < 300; tries++) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`${what} did not come within 30 s`);
}

it("shows one live line that moves, and Ctrl-C leaves a partial summary and a clean screen", async (context) => {
  const tmux = needTool(context, "tmux");
  const server = await startFakeServer({ behaviour: { tokens: 40, tokenDelayMs: 25 } });
  const folder = makeFolder();
  // A tmux server of its own, so that no other is touched.
  const inTmux = (...args: string[]) => execa(tmux, ["-S", join(folder, "tmux"), "-f", "/dev/null", ...args]);
  try {
    await inTmux("new-session", "-d", "-x", String(columns), "-y", "60", "-c", folder, "sh");
    const command = `BENCH_K6_BIN_PATH=${ownK6} node ${join(root, "bench-runner")} --url ${server.url} --vus 3 --duration 60s; echo "exit code $?"`;
    await inTmux("send-keys", command, "Enter");
    const screen = async () => (await inTmux("capture-pane", "-p", "-S", "-200")).stdout;
    const liveLine = async () =>
      (await screen()).split("\n").filter((line) => /^0:\d\d \/ 1:00 · .* done · .* in flight/.test(line));

    const [first] = await until("the live line", async () => {
      const lines = await liveLine();
      return lines.length > 0 ? lines : undefined;
    });
    const later = await until("another state of it", async () => {
      const lines = await liveLine();
      return lines.length > 0 && lines[0] !== first ? lines : undefined;
    });
    expect(later).toHaveLength(1); // it is written over, not below

    await inTmux("send-keys", "C-c");
    const end = await until("the end of the run", async () => {
      const text = await screen();
      return /^exit code \d+$/m.test(text) ? text.slice(text.indexOf("Requests ")) : undefined;
    });
    expect(end).toContain("exit code 105");
    expect(end).toMatch(/! The run is partial: .*Ctrl-C/);
    for (const line of end.split("\n")) expect(line.length).toBeLessThanOrEqual(columns);
    const runs = join(folder, "runs");
    const [run] = readdirSync(runs);
    const summary = join(runs, run as string, "summary.json");
    expect(existsSync(summary)).toBe(true);
    expect(JSON.parse(readFileSync(summary, "utf8")).run.partial).toBe(true);
  } finally {
    await inTmux("kill-server").catch(() => {});
    await server.close();
  }
});
