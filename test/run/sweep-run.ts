// One sweep as people run it, and the fake servers that it measures.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { SweepFile } from "../../bench-runner/decide/sweep/sweep-file.ts";
import { type Behaviour, type FakeServer, startFakeServer } from "../fake/fake-server.ts";
import { type RunnerOptions, type RunnerRun, runRunner } from "./runner-run.ts";

/** Ten tokens in 200 ms. */
export const quick: Behaviour = { tokens: 10, firstTokenDelayMs: 20, tokenDelayMs: 20 };

const running: FakeServer[] = [];

/** @returns the address of a server that closeServers ends */
export async function startServer(behaviour: Behaviour): Promise<string> {
  const server = await startFakeServer({ behaviour });
  running.push(server);
  return server.url;
}

export async function closeServers(): Promise<void> {
  await Promise.all(running.splice(0).map((server) => server.close()));
}

export interface Swept extends RunnerRun {
  sweep: SweepFile;
}

/** @throws Error where it leaves no sweep.json */
export async function sweep(args: string[], options: RunnerOptions = {}): Promise<Swept> {
  const run = await runRunner({ ...options, args: ["sweep", ...args] });
  const path = join(run.folder ?? "", "sweep.json");
  if (!existsSync(path)) throw new Error(`No sweep.json. ${run.stderr}`);
  return { ...run, sweep: JSON.parse(readFileSync(path, "utf8")) as SweepFile };
}

/** Requests per second, or clients; NaN where there is no such point. */
export function loadAt({ points }: SweepFile, number: number | undefined): number {
  return points.find((point) => point.number === number)?.load ?? Number.NaN;
}
