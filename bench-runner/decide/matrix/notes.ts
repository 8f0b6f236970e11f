// What to know before comparing: marks at cells whose runs are partial, failed or have warnings, each explained once. Pure.
import type { Summary } from "../../summary/summary.ts";
import { toHost } from "./dimensions.ts";
import type { MatrixCell, Note, NoteKey } from "./matrix-types.ts";
import type { MatrixRun } from "./read-runs.ts";

/** The warnings that `partial` and `nothing` cover. */
const OTHERWISE_SAID = ["partial_run", "nothing_completed"];

export function toNoteKeys(summary: Summary): NoteKey[] {
  const hasFailed = toFailed(summary).length > 0;
  return [
    ...(summary.run.partial ? ["partial"] : []),
    ...((summary.requests.byVerdict.complete ?? 0) === 0 ? ["nothing"] : []),
    ...(hasFailed ? ["failed"] : []),
    ...summary.warnings.map(({ code }) => code).filter((code) => !OTHERWISE_SAID.includes(code)),
  ];
}

function toFailed({ thresholds, requirements = [] }: Summary): string[] {
  return [
    ...requirements
      .filter(({ ok }) => !ok)
      .map(({ text, uncertain }) => (uncertain ? `${text} (uncertain)` : text)),
    ...thresholds.filter(({ ok }) => !ok).map(({ metric, rule }) => `${metric}: ${rule}`),
  ];
}

/** The most serious first; a text with figures is that of the first run. */
export function toNotes(cells: readonly MatrixCell[]): Note[] {
  const keys = [...new Set(cells.flatMap(({ notes }) => notes))].sort((a, b) => rank(a) - rank(b));
  let marks = 0;
  return keys.map((key): Note => {
    const all = new Set(cells.flatMap((cell) => cell.runs));
    const runs = [...all].filter(({ summary }) => toNoteKeys(summary).includes(key));
    const [first] = runs as [MatrixRun];
    // The two servers of one run are one run.
    const count = new Set(runs.map(({ folder }) => folder)).size;
    const more = count > 1 ? ` (the first of ${count} such runs)` : "";
    const text = `${describe(key, first.summary)}${more}`;
    if (cells.length > 1 && cells.every(({ notes }) => notes.includes(key))) return { key, text };
    return { key, mark: toMark(marks++), text };
  });
}

function rank(key: NoteKey): number {
  const at = ["nothing", "partial", "failed"].indexOf(key);
  return at === -1 ? 3 : at;
}

/** "a" to "z", then "aa". */
function toMark(index: number): string {
  const letter = String.fromCharCode(97 + (index % 26));
  return letter.repeat(1 + Math.floor(index / 26));
}

function describe(key: NoteKey, summary: Summary): string {
  const warning = summary.warnings.find(({ code }) => code === key);
  if (warning !== undefined) return warning.text;
  if (key === "nothing") return "No measured request completed.";
  if (key === "partial")
    return `The run is partial: ${summary.run.partialReason ?? "it was stopped"}. Its figures do not count if there are whole repeats.`;
  return `Failed: ${toFailed(summary).slice(0, 3).join("; ")}.`;
}

/** Sentences on what makes numbers of different runs incomparable, including what is a dimension of the matrix. */
export function toRemarks(runs: readonly MatrixRun[]): string[] {
  const summaries = runs.map(({ summary }) => summary);
  const machines = distinct(summaries.map(toMachine));
  const builds = distinct(
    summaries.flatMap(({ environment, server, configuration }) => {
      const build = environment?.server?.build;
      return build === undefined ? [] : [`${server.kind ?? toHost(configuration.serverUrl)} ${build}`];
    }),
  );
  const versions = distinct(summaries.flatMap(({ environment }) => environment?.serverBench ?? []));
  const commits = distinct(summaries.flatMap(({ run }) => run.commit?.slice(0, 9) ?? []));
  return [
    ...(machines.length > 1
      ? [
          `The load came from ${machines.length} machines (${machines.join("; ")}): numbers from different machines are not comparable.`,
        ]
      : []),
    ...(builds.length > 1 ? [`The servers have ${builds.length} builds: ${builds.join(", ")}.`] : []),
    ...(versions.length > 1
      ? [
          `The runs were made by ${versions.length} versions of server-bench (${versions.join(", ")}): see its changelog for what they measure differently.`,
        ]
      : []),
    ...(commits.length > 1 ? [`The runs are from ${commits.length} commits: ${listFew(commits)}.`] : []),
  ];
}

function toMachine({ environment, run }: Summary): string {
  const host = environment?.host;
  const cpu = environment && `${environment.cpu.logicalCores} × ${environment.cpu.model ?? "CPU"}`;
  const gpu = environment?.gpus?.map(({ name }) => name).join(", ");
  return [run.runnerLabel, host, cpu, gpu].filter(Boolean).join(", ") || "unknown";
}

function distinct(texts: readonly string[]): string[] {
  return [...new Set(texts)];
}

function listFew(texts: readonly string[]): string {
  return texts.length <= 4
    ? texts.join(", ")
    : `${texts.slice(0, 4).join(", ")} and ${texts.length - 4} more`;
}
