// A scenario of the user's own through the runner: bundled, run, measured; and what is said where that cannot be.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { startFakeServer } from "../fake/fake-server.ts";
import type { ChatPrompt } from "../run/chat-prompt.ts";
import { promptOf } from "../run/chat-prompt.ts";
import { makeFolder, runK6, standinK6 } from "../run/k6-run.ts";
import { type RunnerRun, runRunner } from "../run/runner-run.ts";

const example = new URL("../../examples/own-scenario.ts", import.meta.url).pathname;
const few = ["--iterations", "6", "--vus", "2"];
const behaviour = { tokens: 16, tokenDelayMs: 5 };

/** A user's folder with these files. */
function makeSources(files: Record<string, string>): string {
  const folder = makeFolder();
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

function readLabels(run: RunnerRun): Record<string, string>[] {
  return readFileSync(join(run.folder as string, "records.jsonl"), "utf8")
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { type: string; labels: Record<string, string> })
    .filter(({ type }) => type === "request")
    .map(({ labels }) => labels);
}

describe("an own scenario", () => {
  it("sends its own prompts with its own tags, and is measured like ours", async () => {
    const server = await startFakeServer({ behaviour });
    const run = await runRunner({ args: [...few, "--scenario", example, "--url", server.url] });
    await server.close();
    expect(run.exitCode).toBe(0);
    expect(run.summary).toMatchObject({
      run: { scenario: "own-scenario", partial: false, k6ExitCode: 0 },
      requests: { started: 6, byVerdict: { complete: 6 } },
      reconciliation: { verdict: "exact" },
      crossCheck: { verdict: "exact" },
    });
    expect(run.stdout).toContain("6 of 6 complete");
    const prompts = server.chats.map(({ body }) => promptOf(body as ChatPrompt));
    expect(prompts.filter((prompt) => prompt === "Name three rivers.")).toHaveLength(3);
    const tags = readLabels(run).map(({ answer }) => answer);
    expect(tags.sort()).toEqual(["long", "long", "long", "short", "short", "short"]);
  });

  it("has modules and data files of its own, checks what became of its requests, and fails by its own threshold", async () => {
    const cwd = makeSources({
      "my bench/mine.ts": `
        import { check } from "k6";
        import exec from "k6/execution";
        import { createRequest, prepareScenario, type Row } from "server-bench";
        import { toRows } from "./parts/rows.ts";
        export { handleSummary } from "server-bench";
        const scenario = prepareScenario();
        const request = createRequest(scenario);
        const first: Row[] = toRows(open("./prompts.txt"));
        const more = toRows(open(import.meta.resolve("./more.txt")));
        const rows = [...first, ...more];
        export const options = {
          vus: 2,
          iterations: 6,
          thresholds: { "checks{check:is silent}": ["rate>0.5"], "checks{check:has all}": ["rate>=1"] },
        };
        export default () => {
          const row = rows[exec.scenario.iterationInTest % rows.length] as Row;
          check(request(row, {}, { text: true }), {
            "has all": (one) =>
              one?.metrics.verdict === "complete" && one.metrics.completionTokens === 16 &&
              (one.metrics.ttftMs ?? 0) > 0 && one.facts.status === 200 && (one.text?.length ?? 0) > 16,
            "is silent": (one) => one?.text === "",
          });
        };`,
      "my bench/parts/rows.ts": `
        import type { Row } from "server-bench";
        export const toRows = (text: string): Row[] =>
          text.trim().split("\\n").map((prompt, index) => ({ id: String(index), prompt }));`,
      "my bench/prompts.txt": "One fine day.\nTwo fine days.\n",
      "my bench/more.txt": "Three fine days.\n",
    });
    const server = await startFakeServer({ behaviour });
    const run = await runRunner({
      cwd,
      args: ["--scenario", "my bench/mine.ts", "--url", server.url],
    });
    await server.close();
    expect(run.stderr).not.toMatch(/error|exception/i);
    // A threshold that fails at the end of a load that the script decides: failed, and not partial.
    expect(run.exitCode).toBe(99);
    expect(run.outcome).toMatchObject({ partial: false, k6ExitCode: 99 });
    const judged = run.summary?.thresholds.map(({ metric, ok }) => [metric, ok]);
    expect(new Map(judged as [string, boolean][])).toEqual(
      new Map([
        ["checks{check:has all}", true],
        ["checks{check:is silent}", false],
      ]),
    );
    const prompts = new Set(server.chats.map(({ body }) => promptOf(body as ChatPrompt)));
    expect(prompts).toEqual(new Set(["One fine day.", "Two fine days.", "Three fine days."]));
  });

  it("that throws is told with the line of its source", async () => {
    const cwd = makeSources({
      "mine.ts": `// A comment, which the bundle does not have.
        export default function (): void {
          const missing = undefined as unknown as { value: number };
          console.info(String(missing.value));
        }`,
    });
    const server = await startFakeServer({ behaviour });
    const run = await runRunner({
      cwd,
      args: ["--iterations", "1", "--vus", "1", "--scenario", "mine.ts", "--url", server.url],
    });
    await server.close();
    expect(readFileSync(join(run.folder as string, "k6.log"), "utf8")).toMatch(/mine\.ts:4:\d+/);
  });

  it("runs on a k6 with the community extension, too", async () => {
    const server = await startFakeServer({ behaviour });
    const bundled = await runRunner({ args: [...few, "--scenario", example, "--url", server.url] });
    const script = bundled.config?.scenario as string;
    const run = await runK6({
      k6: standinK6,
      script,
      args: few,
      env: { SERVER_BENCH_URL: server.url },
    });
    await server.close();
    expect(run.exitCode).toBe(0);
    expect(run.summary?.metrics.llamacpp_success_rate?.values).toMatchObject({ passes: 6, fails: 0 });
  });
});

describe("an own scenario that cannot be run is one clear message, and nothing is started", () => {
  const rows: [string, Record<string, string>, RegExp][] = [
    [
      "a syntax error",
      { "mine.ts": "export default function () {\n  return 1 +;\n}" },
      /^The scenario `mine\.ts` cannot be bundled:\n {2}mine\.ts:2:13: Unexpected ";"$/,
    ],
    [
      "a module that is not there",
      { "mine.ts": 'import { a } from "./a.ts";\nexport default a;' },
      /^The scenario `mine\.ts` cannot be bundled:\n {2}mine\.ts:1:19: Could not resolve "\.\/a\.ts"$/,
    ],
    [
      "an npm package that is not installed",
      { "mine.ts": 'import lodash from "lodash";\nexport default lodash;' },
      /mine\.ts:1:20: Could not resolve "lodash"\nA scenario can import its own files/,
    ],
    [
      "an npm package that is installed",
      {
        "mine.ts": 'import { tiny } from "tiny";\nexport default tiny;',
        "node_modules/tiny/index.js": "export const tiny = () => 1;",
      },
      /^The scenario `mine\.ts` contains the npm package `tiny`, but a scenario cannot use npm packages/,
    ],
    ["a file that is not there", {}, /^There is no scenario `mine\.ts`\. Scenarios: .*`script`/],
  ];
  it.each(rows)("%s", async (_, files, message) => {
    const cwd = makeSources(files);
    const run = await runRunner({ cwd, args: ["--scenario", "mine.ts"], fake: { behaviour } });
    expect(run.stderr).toMatch(message);
    expect(run.exitCode).toBe(2);
    expect(run.stdout).toBe("");
    expect(existsSync(join(cwd, "runs"))).toBe(false);
  });
});

describe("what an own scenario says of itself", () => {
  const source = `
    import { createRequest, defineOptions, prepareScenario } from "server-bench";
    export { handleSummary } from "server-bench";
    const own = defineOptions({
      topic: { kind: "text", variable: "SERVER_BENCH_TOPIC", default: "rivers", description: "what to ask about" },
      depth: { kind: "count", variable: "SERVER_BENCH_DEPTH", default: 1, description: "how many times over" },
    });
    const scenario = prepareScenario();
    const request = createRequest(scenario);
    export const options = {
      ...scenario.k6Options,
      scenarios: { mine: { executor: "per-vu-iterations", vus: 2, iterations: 3 } },
    };
    export default () => request({ id: own.topic, prompt: "Speak of " + own.topic + " " + own.depth + " times." });`;

  it("its options are listed, with the load of its own options", async () => {
    const cwd = makeSources({ "mine.ts": source });
    const run = await runRunner({ cwd, args: ["scenarios", "mine.ts"] });
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toContain("mine.ts: 2 clients, 6 iterations by its own options");
    expect(run.stdout).toMatch(/SERVER_BENCH_TOPIC {2}what to ask about \[default rivers\]/);
    expect(run.stdout).toMatch(/SERVER_BENCH_DEPTH {2}how many times over \[default 1\]/);
  });

  it("its own load is the default, and its options reach it", async () => {
    const cwd = makeSources({ "mine.ts": source });
    const server = await startFakeServer({ behaviour });
    const run = await runRunner({
      cwd,
      args: ["--scenario", "mine.ts", "--url", server.url],
      env: { SERVER_BENCH_TOPIC: "lakes" },
    });
    await server.close();
    expect(run.exitCode).toBe(0);
    expect(run.summary).toMatchObject({
      configuration: { vus: 2, iterations: 6 },
      requests: { started: 6, byVerdict: { complete: 6 } },
    });
    const prompts = server.chats.map(({ body }) => promptOf(body as ChatPrompt));
    expect(new Set(prompts)).toEqual(new Set(["Speak of lakes 1 times."]));
  });

  it("a value that does not fit is one sentence, and nothing is started", async () => {
    const cwd = makeSources({ "mine.ts": source });
    const run = await runRunner({
      cwd,
      args: ["--scenario", "mine.ts", "--url", "http://127.0.0.1:9"],
      env: { SERVER_BENCH_DEPTH: "deep" },
    });
    expect(run.exitCode).toBe(2);
    expect(run.stderr).toContain("`SERVER_BENCH_DEPTH`: expected a whole number above 0, got `deep`.");
    expect(run.folder).toBeUndefined();
  });

  it("this project's scenarios list theirs", async () => {
    const all = await runRunner({ args: ["scenarios"] });
    expect(all.stdout).toMatch(/^ {2}closed .*\n {2}open .*\n {2}script /m);
    const open = await runRunner({ args: ["scenarios", "open"] });
    expect(open.stdout).toMatch(/--rate <x> .*arrivals per second/);
    expect(open.stdout).not.toContain("--vus");
  });
});
