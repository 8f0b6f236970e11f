// What a process group has started and is no longer in it (`setsid`, daemons): found by its mark, and by a control group.
import { setTimeout as delay } from "node:timers/promises";
import type { Guard } from "./guard.ts";
import { findMarked } from "./marked-processes.ts";
import { makeCgroup, type OwnCgroup, toCommandInside } from "./own-cgroup.ts";
import { readStatFields } from "./proc.ts";
import { sendSignal } from "./send-signal.ts";

const POLL_MS = 50;
/** How long processes that were killed may take to be gone; one that hangs in a driver is not waited for. */
const END_MS = 2_000;

export class ScatteredProcesses {
  readonly #mark: string;
  readonly #cgroup: OwnCgroup | undefined;
  readonly #guard: Guard;

  /**
   * @param mark in the environment of the group's processes
   * @param options.mayScatter they get a control group of their own, where there is one to be had
   */
  constructor(mark: string, { mayScatter, guard }: { mayScatter?: true; guard: Guard }) {
    this.#mark = mark;
    this.#guard = guard;
    this.#cgroup = mayScatter && makeCgroup(`server-bench-${mark.replace(/\.$/, "")}`);
    if (this.#cgroup !== undefined) guard.addCgroup(this.#cgroup.path);
  }

  /** The command that starts the group, inside its control group. */
  wrap<C extends { file: string; args: readonly string[] }>(command: C): C {
    return this.#cgroup === undefined ? command : { ...command, ...toCommandInside(this.#cgroup, command) };
  }

  isThere(): boolean {
    return this.#list().length > 0;
  }

  /** Asks them to end. A second signal would end many programs at once: those of the group get their own. */
  terminate(group: number | undefined): void {
    for (const pid of this.#list()) {
      if (pid !== group && readGroup(pid) !== group) sendSignal(pid, "SIGTERM");
    }
  }

  kill(): void {
    this.#cgroup?.kill();
    for (const pid of this.#list()) sendSignal(pid, "SIGKILL");
  }

  /** Ends them, and what they start meanwhile. */
  async end(): Promise<void> {
    const deadline = performance.now() + END_MS;
    while (this.isThere() && performance.now() < deadline) {
      this.kill();
      await delay(POLL_MS);
    }
    if (this.#cgroup === undefined) return;
    while (!this.#cgroup.remove() && performance.now() < deadline) await delay(POLL_MS);
    this.#guard.removeCgroup(this.#cgroup.path);
  }

  #list(): number[] {
    return [...new Set([...findMarked(this.#mark), ...(this.#cgroup?.list() ?? [])])];
  }
}

/** The process group; undefined for a process that is gone. */
function readGroup(pid: number): number | undefined {
  const group = readStatFields(pid)?.[2];
  return group === undefined ? undefined : Number(group);
}
