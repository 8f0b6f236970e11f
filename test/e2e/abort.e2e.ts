// Users who leave: which requests hang up, what the server sees of it, and what the results say.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { createAborts } from "../../lib/core/goals/abort.ts";
import { toVerdict } from "../../lib/core/request/verdict.ts";
import { startFakeServer } from "../fake/fake-server.ts";
import { endOf, runK6, standinK6 } from "../run/k6-run.ts";
import { countedByServer, runRunner } from "../run/runner-run.ts";
import { needTool } from "../run/tool.ts";

const ITERATIONS = 60;
const TOKENS = 5;
const leaves = createAborts({ abortShare: 0.4, abortAfterTokens: TOKENS, seed: 42 });
const leaving = Array.from({ length: ITERATIONS }, (_, iteration) => iteration).filter(
  (iteration) => leaves(iteration).abortAfterTokens !== undefined,
);
const options = {
  SERVER_BENCH_ABORT_SHARE: "0.4",
  SERVER_BENCH_ABORT_AFTER_TOKENS: `${TOKENS}`,
};
const slow = { tokens: 30, tokenDelayMs: 20 };

it("the requests chosen by the seed hang up after the given number of tokens, and the server sees them leave", async () => {
  const server = await startFakeServer({ behaviour: slow });
  const run = await runK6({
    args: ["--vus", "6", "--iterations", `${ITERATIONS}`],
    env: { ...options, SERVER_BENCH_URL: server.url },
  });
  await server.close();
  expect(endOf(run)).toEqual({ exitCode: 0, hung: false });
  expect(run.requests).toHaveLength(ITERATIONS);
  const aborted = run.requests.filter((line) => toVerdict(line) === "aborted");
  expect(aborted).toHaveLength(leaving.length);
  for (const { tokenEvents, error } of aborted) {
    expect(error).toEqual({ kind: "aborted", message: "hung up on purpose" });
    expect(tokenEvents).toBeGreaterThanOrEqual(TOKENS);
    expect(tokenEvents).toBeLessThan(slow.tokens);
  }
  const left = server.chats.filter(({ ended }) => ended === "client_left");
  expect(left).toHaveLength(leaving.length);
  expect(left.every(({ sentTokens }) => sentTokens < slow.tokens)).toBe(true);
  const complete = ITERATIONS - leaving.length;
  expect(run.summary?.metrics.llamacpp_success_rate?.values).toMatchObject({ passes: complete, fails: 0 });
  expect(run.output).toContain(
    `${complete} of ${complete} requests complete, ${leaving.length} aborted on purpose`,
  );
});

it("after a time, too, be it before the first token", async () => {
  const server = await startFakeServer({ behaviour: { firstTokenDelayMs: 20_000 } });
  const run = await runK6({
    args: ["--vus", "2", "--iterations", "4"],
    env: {
      ...options,
      SERVER_BENCH_URL: server.url,
      SERVER_BENCH_ABORT_SHARE: "1",
      SERVER_BENCH_ABORT_AFTER_TOKENS: "",
      SERVER_BENCH_ABORT_AFTER_MS: "200",
    },
  });
  await server.close();
  expect(endOf(run)).toEqual({ exitCode: 99, hung: false }); // nothing completed
  expect(run.requests.map(toVerdict)).toEqual(Array(4).fill("aborted"));
  expect(server.chats.map(({ ended }) => ended)).toEqual(Array(4).fill("client_left"));
});

it("with the community extension as well", async () => {
  const server = await startFakeServer({ behaviour: slow });
  const run = await runK6({
    k6: standinK6,
    args: ["--vus", "6", "--iterations", `${ITERATIONS}`],
    env: { ...options, SERVER_BENCH_URL: server.url },
  });
  await server.close();
  expect(run.summary?.metrics.llamacpp_aborted_requests?.values.count).toBe(leaving.length);
  expect(server.chats.filter(({ ended }) => ended === "client_left")).toHaveLength(leaving.length);
});

it.each([
  [{ SERVER_BENCH_ABORT_AFTER_TOKENS: "" }, "no option sets when those requests hang up"],
  [{ SERVER_BENCH_ABORT_SHARE: "" }, "sets when requests hang up, but no request does"],
])("options that say half of it are refused: %o", async (half, message) => {
  const run = await runK6({ args: ["--iterations", "1"], env: { ...options, ...half } });
  expect(run.exitCode).toBe(107);
  expect(run.output).toContain(message);
});

it("llama-server's slots are free again at once, and its counters agree within bounds", async (context) => {
  const server = needTool(context, "llama-server", "LLAMA_SERVER_BIN_PATH");
  const model = needTool(context, "a small GGUF model", "SERVER_BENCH_MODEL");
  const run = await runRunner({
    args: [
      ...["--model", model, "--iterations", "12", "--vus", "2", "--parallel", "2", "--ctx-size", "1024"],
      ...["--max-prompt-tokens", "20", "--truncated-limit", "1", "--llama-server-arg", "--threads 1"],
      ...["--n-prompts", "12"],
      // The answers would take the whole context, were they not left.
      ...["--max-tokens", "24", "--abort-share", "0.5", "--abort-after-tokens", "3"],
    ],
    env: { ...countedByServer, LLAMA_SERVER_BIN_PATH: server },
  });
  expect(run.exitCode).toBe(0);
  const abortOf = createAborts({ abortShare: 0.5, abortAfterTokens: 3, seed: 42 });
  const aborted = Array.from({ length: 12 }, (_, index) => abortOf(index)).filter(
    ({ abortAfterTokens }) => abortAfterTokens !== undefined,
  ).length;
  expect(run.summary).toMatchObject({
    requests: { started: 12, byVerdict: { complete: 12 - aborted, aborted } },
    rates: { success: 1 },
    reconciliation: { verdict: "within_bounds" },
    crossCheck: { verdict: "exact" },
  });
  expect(run.stdout).toMatch(new RegExp(`Aborted +${aborted} hung up on purpose`));
  // After the load the runner reads /metrics once more: nothing is in work there.
  expect(scrapes(run.folder as string).at(-1)?.["llamacpp:requests_processing"]).toBe(0);
});

/** The values of each scrape, by name. */
function scrapes(folder: string): Record<string, number>[] {
  return readFileSync(join(folder, "server.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { type: string; values: Record<string, number> })
    .filter(({ type }) => type === "metrics")
    .map(({ values }) => values);
}
