// The machine itself: whether its clock is good enough, and whether there is disk space for a run.
import { accessSync, constants, existsSync, mkdirSync, readFileSync, statfsSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { formatValue } from "../../../lib/core/units.ts";
import { RUNNER_OPTIONS } from "../../config/runner-options.ts";
import { cacheFolder } from "../../platform/cache-folder.ts";
import { systemReason } from "../../platform/user-error.ts";
import type { DoctorContext, Finding } from "./finding.ts";

/** Clocks that are slow to read, or that have a low resolution. */
const SLOW_CLOCKS = ["hpet", "acpi_pm", "pit", "jiffies", "refined-jiffies"];
const COARSE_NS = 100_000;
const WATCH_MS = 500;
/** `Date.now` has whole milliseconds, and a busy machine reads the two clocks a little apart. */
const JUMP_MS = 10;

export interface ClockFacts {
  /** The kernel's name of it; absent when unknown. */
  source?: string;
  /** Smallest step of the clock that times are taken from. */
  stepNs: number;
  /** How far the system time ran ahead of it during the check. */
  jumpMs: number;
}

export function judgeClock({ source, stepNs, jumpMs }: ClockFacts): Finding {
  const name = source ?? "monotonic";
  if (source !== undefined && SLOW_CLOCKS.includes(source)) {
    return {
      status: "warn",
      text: `${name}: slow to read, which adds to every measured time`,
      remedy: "Boot with `clocksource=tsc`, or ask the administrator of this virtual machine.",
    };
  }
  if (stepNs > COARSE_NS) {
    return {
      status: "warn",
      text: `${name}: its steps are ${formatValue(stepNs / 1e6, "ms")}, longer than many gaps between tokens`,
      remedy: "Measure from another machine.",
    };
  }
  if (Math.abs(jumpMs) > JUMP_MS) {
    return {
      status: "warn",
      text: `the system time moved by ${formatValue(jumpMs, "ms")} within half a second: it is being adjusted`,
      remedy:
        "Durations are not affected. Wait until the time is stable before you compare runs of several machines.",
    };
  }
  return { status: "ok", text: `${name}, in steps of ${Math.round(stepNs)} ns` };
}

function readClockSource(): string | undefined {
  try {
    const path = "/sys/devices/system/clocksource/clocksource0/current_clocksource";
    return readFileSync(path, "utf8").trim() || undefined;
  } catch {
    return undefined;
  }
}

/** The smallest difference above 0; for a fine clock this is the time of a read. */
function findStepNs(): number {
  let smallest = Number.POSITIVE_INFINITY;
  let before = process.hrtime.bigint();
  for (let reads = 0; reads < 20_000; reads++) {
    const now = process.hrtime.bigint();
    if (now > before) smallest = Math.min(smallest, Number(now - before));
    before = now;
  }
  return smallest;
}

export async function checkClock(): Promise<Finding> {
  const stepNs = findStepNs();
  const [wall, monotonic] = [Date.now(), performance.now()];
  await delay(WATCH_MS);
  const jumpMs = Date.now() - wall - (performance.now() - monotonic);
  const source = readClockSource();
  return judgeClock({ stepNs, jumpMs, ...(source !== undefined && { source }) });
}

const LITTLE_BYTES = 2e9;
const TOO_LITTLE_BYTES = 100e6;

/** @param folder as it is shown @param bytes free in it */
export function judgeDisk(folder: string, bytes: number): Finding {
  const text = `${formatValue(bytes, "bytes")} free for ${folder}`;
  if (bytes >= LITTLE_BYTES) return { status: "ok", text };
  const remedy = "Free some space, or name another folder with `--output` (`SERVER_BENCH_OUTPUT`).";
  return { status: bytes < TOO_LITTLE_BYTES ? "fail" : "warn", text, remedy };
}

function nearestExisting(folder: string): string {
  return existsSync(folder) || dirname(folder) === folder ? folder : nearestExisting(dirname(folder));
}

export async function checkDisk({ variables, folder }: DoctorContext): Promise<Finding> {
  const { variable, default: usual } = RUNNER_OPTIONS.output;
  const output = resolve(folder, variables[variable] || usual);
  const there = nearestExisting(output);
  const cache = cacheFolder(variables);
  try {
    accessSync(there, constants.W_OK);
  } catch (error) {
    return {
      status: "fail",
      text: `cannot write to ${there}: ${systemReason(error)}`,
      remedy: "Change to another directory, or name one with `--output` (`SERVER_BENCH_OUTPUT`).",
    };
  }
  try {
    mkdirSync(cache, { recursive: true });
    accessSync(cache, constants.W_OK);
  } catch (error) {
    return {
      status: variables.XDG_CACHE_HOME ? "fail" : "warn",
      text: `cannot write to the cache folder ${cache}: ${systemReason(error)}${variables.XDG_CACHE_HOME ? "" : "; runs use one in the temporary folder"}`,
      remedy: "Name another one in `XDG_CACHE_HOME`.",
    };
  }
  const { bavail, bsize } = statfsSync(there);
  return judgeDisk(output, bavail * bsize);
}
