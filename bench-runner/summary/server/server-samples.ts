// Reads server.jsonl; keeps only the known figures of each scrape, so that a day of scrapes fits in memory.
import { closeSync, openSync, readSync } from "node:fs";
import { StringDecoder } from "node:string_decoder";
import { findMisfit, type Shape } from "../../platform/json-shape.ts";
import { FILE_SHAPES } from "../../run-folder/file-shapes.ts";
import type { GpuLine, HostLine, MetricsLine, ServerLine } from "../../run-folder/run-files.ts";
import {
  type ServerValues,
  toServerKind,
  toServerValues,
  withLateCounters,
} from "../../servers/metrics/server-metric-names.ts";
import type { ServerKind } from "../../servers/metrics/server-vocabulary.ts";

export interface Scrape {
  atUnixMs: number;
  values: ServerValues;
}

export interface ServerSamples {
  /** In order; the first and the last one enclose the load if the run came to its end. */
  scrapes: Scrape[];
  hosts: HostLine[];
  /** Absent if no GPUs were looked for. */
  gpus?: GpuLine[];
  /** Recognised by the names of its metrics; absent if they are unknown. */
  kind?: ServerKind;
  /** All of /metrics before and after the load. */
  before?: ReadonlyMap<string, number>;
  after?: ReadonlyMap<string, number>;
}

/** @throws the system's error for a file that cannot be read; a line that was cut off, or is none, is left out */
export function readServerSamples(path: string): ServerSamples {
  const samples: ServerSamples = { scrapes: [], hosts: [] };
  for (const text of readLines(path)) {
    const line = parseLine(text);
    if (line?.type === "host") samples.hosts.push(line);
    if (line?.type === "gpu") {
      samples.gpus ??= [];
      samples.gpus.push(line);
    }
    if (line?.type === "metrics") addScrape(samples, line);
  }
  const values = withLateCounters(
    samples.scrapes.map((scrape) => scrape.values),
    samples.kind,
  );
  samples.scrapes = samples.scrapes.map((scrape, index) => ({ ...scrape, values: values[index] ?? {} }));
  return samples;
}

function addScrape(samples: ServerSamples, { atUnixMs, moment, values }: MetricsLine): void {
  const entries = Object.entries(values);
  const kind = samples.kind ?? toServerKind(Object.keys(values));
  if (kind !== undefined) samples.kind = kind;
  samples.scrapes.push({ atUnixMs, values: toServerValues(entries) });
  if (moment !== undefined) samples[moment] = new Map(entries);
}

const LINE_SHAPES: Readonly<Record<ServerLine["type"], Shape>> = {
  metrics: FILE_SHAPES.metricsLine,
  host: FILE_SHAPES.hostLine,
  gpu: FILE_SHAPES.gpuLine,
};

/** Undefined for what is no such line. */
function parseLine(text: string): ServerLine | undefined {
  try {
    const line = JSON.parse(text) as ServerLine | null;
    const shape = line && LINE_SHAPES[line.type];
    return shape && findMisfit(line, shape) === undefined ? line : undefined;
  } catch {
    return undefined;
  }
}

function* readLines(path: string): Generator<string> {
  const file = openSync(path, "r");
  try {
    const buffer = Buffer.allocUnsafe(1 << 18);
    const decoder = new StringDecoder("utf8");
    let rest = "";
    for (let bytes = readSync(file, buffer); bytes > 0; bytes = readSync(file, buffer)) {
      const lines = (rest + decoder.write(buffer.subarray(0, bytes))).split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
    }
    yield rest;
  } finally {
    closeSync(file);
  }
}
