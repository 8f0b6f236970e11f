// The guardian: a small process that ends what the runner started if the runner is killed.
//
// It reads a pipe whose other end only the runner holds. If that closes without `done`, the runner is dead: the process
// groups still on its list, and whatever else carries a mark of the runner, get SIGTERM, and after 2 s SIGKILL. It has its
// own session, so that neither Ctrl-C nor the end of the terminal reaches it; if it is killed itself, another one follows.
import { type ChildProcess, spawn } from "node:child_process";
import { MARK_VARIABLE, ownMarks } from "./marked-processes.ts";

/** $0 is what the environments of the runner's processes contain. */
const SCRIPT = `
trap '' HUP INT TERM
groups=
cgroups=
without() { rest=; for one in $2; do [ "$one" = "$1" ] || rest="$rest $one"; done; }
while read -r verb what; do
  case $verb in
    add) groups="$groups $what" ;;
    remove) without "$what" "$groups"; groups=$rest ;;
    cgroup) cgroups="$cgroups $what" ;;
    left) without "$what" "$cgroups"; cgroups=$rest ;;
    done) exit 0 ;;
  esac
done
scattered() {
  for file in $(grep -lsF -e "$0" /proc/[0-9]*/environ); do
    file=\${file#/proc/}
    echo "\${file%/environ}"
  done
  for one in $cgroups; do cat "$one/cgroup.procs"; done
}
# A process that has just been launched may have no group yet.
for g in $groups; do kill -s TERM -- "-$g" || kill -s TERM "$g"; done 2>/dev/null
# A second signal would end many programs at once.
for p in $(scattered 2>/dev/null); do
  read -r stat <"/proc/$p/stat" || continue
  set -- \${stat##*) }
  case " $groups " in *" $p "* | *" $3 "*) ;; *) kill -s TERM "$p" ;; esac
done 2>/dev/null
tries=0
while [ "$tries" -lt 20 ]; do
  alive=
  for g in $groups; do kill -s 0 -- "-$g" && alive=yes; done 2>/dev/null
  [ -n "$alive" ] || alive=$(scattered 2>/dev/null)
  [ -n "$alive" ] || break
  sleep 0.1
  tries=$((tries + 1))
done
# Again for what was started in between.
tries=0
while [ "$tries" -lt 20 ]; do
  for g in $groups; do kill -s KILL -- "-$g"; done 2>/dev/null
  for p in $(scattered 2>/dev/null); do kill -s KILL "$p"; done 2>/dev/null
  [ -n "$(scattered 2>/dev/null)" ] || break
  sleep 0.1
  tries=$((tries + 1))
done
# A process that has just been killed holds its control group for a moment.
tries=0
while [ -n "$cgroups" ] && [ "$tries" -lt 20 ]; do
  rest=
  for one in $cgroups; do rmdir "$one" || [ ! -d "$one" ] || rest="$rest $one"; done 2>/dev/null
  cgroups=$rest
  [ -z "$cgroups" ] || sleep 0.1
  tries=$((tries + 1))
done
`;

export interface Guard {
  add(group: number): void;
  remove(group: number): void;
  /** The folder of a control group whose processes are to end, too. */
  addCgroup(path: string): void;
  removeCgroup(path: string): void;
  /** The id of the present guardian; undefined where there is none. */
  readonly pid: number | undefined;
  /** Ends the guardian and resolves when it has exited; processes still on its list keep running. */
  dismiss(): Promise<void>;
}

/** Ends nothing. */
export const NO_GUARD: Guard = {
  add() {},
  remove() {},
  addCgroup() {},
  removeCgroup() {},
  pid: undefined,
  async dismiss() {},
};

/** A guardian that is ended more often than this is not replaced again. */
const MOST_GUARDIANS = 20;

/** Starts the guardian; on Windows, which has no process groups and no /bin/sh, there is none. */
export function startGuard(): Guard {
  return process.platform === "win32" ? NO_GUARD : new Guardian();
}

class Guardian implements Guard {
  /** What each of them has been told and must be told again. */
  readonly #list = new Set<string>();
  #child: ChildProcess;
  #gone: Promise<void>;
  #started = 0;
  #isDismissed = false;

  constructor() {
    [this.#child, this.#gone] = this.#start();
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  add(group: number): void {
    this.#note(`add ${group}`);
  }

  remove(group: number): void {
    this.#forget(`add ${group}`, `remove ${group}`);
  }

  addCgroup(path: string): void {
    this.#note(`cgroup ${path}`);
  }

  removeCgroup(path: string): void {
    this.#forget(`cgroup ${path}`, `left ${path}`);
  }

  async dismiss(): Promise<void> {
    this.#isDismissed = true;
    this.#child.ref();
    this.#child.stdin?.end("done\n");
    await this.#gone;
  }

  #note(line: string): void {
    this.#list.add(line);
    this.#tell(line);
  }

  #forget(noted: string, line: string): void {
    this.#list.delete(noted);
    this.#tell(line);
  }

  #tell(line: string): void {
    this.#child.stdin?.write(`${line}\n`);
  }

  #start(): [ChildProcess, Promise<void>] {
    this.#started += 1;
    // Without the mark of a runner that started this one: it would end the guardian together with its charges.
    const { [MARK_VARIABLE]: _, ...env } = process.env;
    const child = spawn("/bin/sh", ["-c", SCRIPT, `${MARK_VARIABLE}=${ownMarks()}`], {
      detached: true,
      stdio: ["pipe", "ignore", "ignore"],
      env,
    });
    // The run works without a guardian; only a SIGKILL would then leave processes behind.
    child.stdin.on("error", () => {});
    const gone = new Promise<void>((resolve) => {
      child.on("exit", () => {
        this.#replace();
        resolve();
      });
      child.on("error", () => resolve());
    });
    child.unref();
    (child.stdin as unknown as { unref?: () => void }).unref?.();
    return [child, gone];
  }

  #replace(): void {
    if (this.#isDismissed || this.#started >= MOST_GUARDIANS) return;
    [this.#child, this.#gone] = this.#start();
    for (const line of this.#list) this.#tell(line);
  }
}
