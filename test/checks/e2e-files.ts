// Which end-to-end tests need a machine that is not busy, and which of them a change can touch.

/** They fill the machine: what runs beside them would be late, and measured with them. */
export const ALONE: readonly string[] = ["client-limits", "compare", "load-shapes", "starvation"];

/**
 * Their assertions compare times, rates or capacities with a plan, and they wait most of the time: as many as there are
 * processors run side by side, not more.
 */
export const TIMED: readonly string[] = ["load-shapes-runner", "sweep"];

/** Run where no row says anything else: one load by k6 alone, and runs from the command line to the run folder. */
const DEFAULT: readonly string[] = ["runner", "script"];

/**
 * The tests that cover a folder or file: the row with the longest prefix holds. Rooms that every run passes through
 * name the tests that check their results most closely, not every test that starts a run.
 */
export const COVERED_BY: Readonly<Record<string, readonly string[]>> = {
  "bench/": [],
  "bench-runner/cli/": ["doctor", "interactive", "runner", "terminal"],
  "bench-runner/cli/docs/": [],
  "bench-runner/cli/doctor/": ["doctor"],
  "bench-runner/cli/interactive/": ["interactive"],
  "bench-runner/config/": ["config-files", "goals", "runner"],
  "bench-runner/config/files/": ["config-files"],
  "bench-runner/decide/": ["ab", "compare", "goals", "matrix"],
  "bench-runner/decide/compare/": ["compare"],
  "bench-runner/decide/matrix/": ["matrix"],
  "bench-runner/decide/sweep/": ["chart-page", "sweep", "sweep-life"],
  "bench-runner/runs/sweep/": ["sweep", "sweep-life"],
  "bench-runner/load/": ["client-limits", "k6-settings", "load-shapes-runner", "own-scenario", "runner"],
  "bench-runner/outputs/": ["export", "listen", "outputs", "report"],
  "bench-runner/outputs/charts/": ["chart-page", "matrix", "report"],
  "bench-runner/outputs/export/": ["export"],
  "bench-runner/outputs/live/": ["listen", "terminal"],
  "bench-runner/platform/": ["keys", "proxy", "runner", "runner-life"],
  "bench-runner/prompts/": ["datasets-command", "prompts", "token-counts", "workloads"],
  "bench-runner/prompts/datasets/": ["datasets-command", "prompts"],
  "bench-runner/prompts/tokens/": ["token-counts", "workloads"],
  "bench-runner/prompts/trace/": ["load-shapes-runner"],
  "bench-runner/run-folder/": ["report", "runner"],
  "bench-runner/runs/": ["ab", "config-files", "probe", "runner", "runner-life"],
  "bench-runner/runs/probe/": ["probe"],
  "bench-runner/servers/": ["discover", "llama-server", "own-server", "server-life"],
  "bench-runner/servers/discover/": ["addresses", "discover"],
  "bench-runner/statistics/": ["k6-figures"],
  "bench-runner/summary/": ["k6-figures", "outputs", "runner", "starvation"],
  "datasets/": ["prompts"],
  "docs/": [],
  "examples/": ["community-script", "own-scenario"],
  "lib/core/": ["faults", "k6-figures", "runner", "script"],
  "lib/core/apis/": ["dialects", "ppl"],
  "lib/core/goals/": ["abort", "goals", "starvation"],
  "lib/core/plans/": ["load-shapes"],
  "lib/core/prompts/": ["prompts", "workloads"],
  "lib/k6/": ["bad-input", "fallback", "load-shapes", "script", "workloads"],
  "scenarios/": ["load-shapes", "own-scenario", "script"],
  "setup/": [],
  "test/": [],
  "test/fake/": ["abort", "script"],
  "test/fixtures/scripts/": ["community-script", "faults"],
  "test/run/": ["runner", "script"],
  "xk6-sse/": ["connection-faults", "dialects", "faults", "k6-figures", "ppl"],
  "xk6-sse/cmd/": [],
  "xk6-sse/cmd/nullserver/": ["client-limits"],
  "xk6-sse/internal/cores/": ["starvation"],
  "xk6-sse/internal/facts/": ["dialects", "faults"],
  "xk6-sse/internal/frame/": ["dialects", "faults"],
  "xk6-sse/internal/h2stamp/": ["connection-faults", "faults"],
  "xk6-sse/internal/journal/": ["faults", "script"],
  "xk6-sse/internal/launch/": ["doctor", "runner-life"],
  "xk6-sse/internal/nullserver/": ["client-limits"],
  "xk6-sse/internal/pacer/": ["load-shapes"],
  "xk6-sse/internal/packets/": ["k6-figures", "starvation"],
  "xk6-sse/internal/priority/": ["runner-life", "starvation"],
  "xk6-sse/internal/scan/": ["dialects", "faults"],
  "xk6-sse/internal/stamp/": ["k6-figures", "starvation"],
  "xk6-sse/test/pplserver/": ["ppl"],
  "xk6-sse/test/standin/": ["community-script", "fallback"],
};

/**
 * @param files paths from the project's root
 * @returns names of end-to-end tests, without `test/e2e/` and `.e2e.ts`
 */
export function findE2e(files: readonly string[]): string[] {
  const names = files.flatMap((file) => {
    const own = /^test\/e2e\/(.*)\.e2e\.ts$/.exec(file)?.[1];
    if (own !== undefined) return [own];
    if (isIgnored(file)) return [];
    const prefixes = Object.keys(COVERED_BY).filter((prefix) => file.startsWith(prefix));
    const longest = prefixes.sort((a, b) => b.length - a.length)[0];
    return COVERED_BY[longest ?? ""] ?? DEFAULT;
  });
  return [...new Set(names)].sort();
}

/** Documents and unit tests: no program that an end-to-end test starts reads them. */
function isIgnored(file: string): boolean {
  return /(\.md|\.test\.ts|\.test\.mjs|_test\.go)$|^\.|^LICENSE$|^biome\.json$/.test(file);
}
