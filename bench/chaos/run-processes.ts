// All processes of one run, found by a variable that only they inherit; and which of them is which.
import { readdirSync, readlinkSync } from "node:fs";
import { readProcFile } from "../../bench-runner/platform/proc.ts";

const VARIABLE = "CHAOS_RUN";

export type Role = "server" | "k6" | "runner" | "guardian";

export class RunProcesses {
  readonly variables: Readonly<Record<string, string>>;
  readonly #entry: string;
  readonly #runner: () => number | undefined;

  /** @param runner the id of the runner's process */
  constructor(name: string, runner: () => number | undefined) {
    this.variables = { [VARIABLE]: name };
    this.#entry = `${VARIABLE}=${name}`;
    this.#runner = runner;
  }

  /** Those that live; a zombie has no environment. */
  list(): number[] {
    return readdirSync("/proc")
      .filter((name) => /^\d+$/.test(name))
      .map(Number)
      .filter((pid) => read(`/proc/${pid}/environ`).split("\0").includes(this.#entry));
  }

  find(role: Role): number | undefined {
    const runner = this.#runner();
    if (role === "runner") return runner;
    return this.list().find((pid) => pid !== runner && roleOf(pid) === role);
  }

  signal(pid: number, name: NodeJS.Signals): void {
    try {
      process.kill(pid, name);
    } catch {
      // It has ended.
    }
  }

  /** "k6 (4711)", for a message. */
  describe(pid: number): string {
    return `${read(`/proc/${pid}/cmdline`).split("\0").slice(0, 2).join(" ").slice(0, 80)} (${pid})`;
  }
}

function roleOf(pid: number): Role | undefined {
  const program = link(`/proc/${pid}/exe`);
  if (program.endsWith("/k6")) return "k6";
  if (program.endsWith("/null-server")) return "server";
  // The script of the guardian is its own text.
  return read(`/proc/${pid}/cmdline`).includes("scattered()") ? "guardian" : undefined;
}

const read = (path: string): string => readProcFile(path) ?? "";

function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}
