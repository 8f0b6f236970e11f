// report.html of any requests, as the runner writes it, for tests of the page.
import { makeReport } from "../../../bench-runner/outputs/report/render-report.ts";
import type { HostLine } from "../../../bench-runner/run-folder/run-files.ts";
import type { RunInput } from "../../../bench-runner/summary/run-input.ts";
import { readRun, toSummary } from "../../../bench-runner/summary/summarize.ts";
import type { RequestLine } from "../../../lib/core/request/facts.ts";
import { config, outcome, writeJournal } from "./example-journal.ts";

/** @param path of a journal that it writes @returns the document, with charts of a machine that was sampled every second */
export async function makeExampleReport(path: string, lines: RequestLine[]): Promise<string> {
  writeJournal(path, lines);
  const endMs = Math.max(...lines.map((line) => line.endMs));
  const hosts = Array.from({ length: 2 + endMs / 1000 }, (_, second): HostLine => {
    const own = { cpuCores: 0.5 + (second % 3) / 4, memoryBytes: 2e9 };
    const atUnixMs = outcome.startedUnixMs + second * 1000;
    return { type: "host", atUnixMs, cpuCores: 1 + (second % 4) / 2, processes: { k6: own, server: own } };
  });
  const samples = { scrapes: [], hosts, gpus: [], before: new Map(), after: new Map() };
  const input: RunInput = {
    records: path,
    config: { ...config, iterations: lines.length },
    outcome,
    samples,
  };
  const reading = await readRun(input);
  return makeReport(input, reading, toSummary(input, reading), []);
}
