// What must be ended with a run: its process groups, its guardian, its signal handlers.
import { EXIT } from "./exit-codes.ts";
import { type Guard, startGuard } from "./guard.ts";
import type { Launcher } from "./launcher.ts";
import { type GroupOptions, type ProcessGroup, startGroup } from "./processes.ts";
import { listenForStop, type StopRequest } from "./stop-request.ts";

type StartOptions = Omit<GroupOptions, "guard" | "launcher"> & { ownSession?: boolean };

/** The processes of one run. After `close` none of them is alive. */
export class Session {
  readonly stop: StopRequest;
  /** Starts what is started from now on in the runner's session; without one each has a session of its own. */
  launcher: Launcher | undefined;
  readonly #guard: Guard = startGuard();
  readonly #groups: ProcessGroup[] = [];
  readonly #closers: (() => Promise<void>)[] = [];

  /**
   * @param parentFd see `listenForStop`
   * @param onKill what to say at the second Ctrl-C, before the process exits with 130
   */
  constructor(options: { parentFd?: number; onKill: () => void }) {
    this.stop = listenForStop({
      ...(options.parentFd !== undefined && { parentFd: options.parentFd }),
      onSecond: () => {
        for (const group of this.#groups) group.kill();
        void this.#guard.dismiss();
        options.onKill();
        process.exit(EXIT.killed);
      },
    });
  }

  /** @param options.ownSession it gets a session of its own in any case */
  start({ ownSession, ...options }: StartOptions): ProcessGroup {
    const launcher = ownSession === true ? undefined : this.launcher?.path;
    const group = startGroup({
      ...options,
      guard: this.#guard,
      ...(launcher !== undefined && { launcher }),
    });
    this.#groups.push(group);
    return group;
  }

  /** For a process that is not started here: it ends when the runner is killed. */
  get guard(): Pick<Guard, "add" | "remove"> {
    return this.#guard;
  }

  /** For what must be ended in its own way, before signals are sent. */
  beforeClose(close: () => Promise<void>): void {
    this.#closers.push(close);
  }

  /** Ends what was started so far; more may be started afterwards. */
  async endGroups(): Promise<void> {
    await Promise.all(this.#closers.map((close) => close()));
    await Promise.all(this.#groups.map((group) => group.stop(5_000)));
    this.#closers.length = 0;
    this.#groups.length = 0;
  }

  async close(): Promise<void> {
    await this.endGroups();
    await this.#guard.dismiss();
    this.stop.dispose();
  }
}
