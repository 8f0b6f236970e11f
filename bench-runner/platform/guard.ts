// The guardian: a small process that ends what the runner started if the runner is killed.
//
// It reads a pipe whose other end only the runner holds. If that closes without `done`, the runner is dead:
// the process groups still on its list get SIGTERM, and after 2 s SIGKILL. It has its own session, so that
// neither Ctrl-C nor the end of the terminal reaches it.
import { spawn } from "node:child_process";

const SCRIPT = `
trap '' HUP INT TERM
groups=
while read -r verb group; do
  case $verb in
    add) groups="$groups $group" ;;
    remove) rest=; for g in $groups; do [ "$g" = "$group" ] || rest="$rest $g"; done; groups=$rest ;;
    done) exit 0 ;;
  esac
done
# A process that has just been launched may have no group yet.
for g in $groups; do kill -s TERM -- "-$g" 2>/dev/null || kill -s TERM "$g" 2>/dev/null; done
tries=0
while [ "$tries" -lt 20 ]; do
  alive=
  for g in $groups; do kill -s 0 -- "-$g" 2>/dev/null && alive=yes; done
  [ -n "$alive" ] || exit 0
  sleep 0.1
  tries=$((tries + 1))
done
for g in $groups; do kill -s KILL -- "-$g" 2>/dev/null; done
`;

export interface Guard {
  add(group: number): void;
  remove(group: number): void;
  /** Ends the guardian and resolves when it has exited; processes still on its list keep running. */
  dismiss(): Promise<void>;
}

const NO_GUARD: Guard = { add() {}, remove() {}, async dismiss() {} };

/** Starts the guardian; on Windows, which has no process groups and no /bin/sh, there is none. */
export function startGuard(): Guard {
  if (process.platform === "win32") return NO_GUARD;
  const child = spawn("/bin/sh", ["-c", SCRIPT], { detached: true, stdio: ["pipe", "ignore", "ignore"] });
  const pipe = child.stdin;
  // The run works without a guardian; only a SIGKILL would then leave processes behind.
  pipe.on("error", () => {});
  const gone = new Promise<void>((resolve) => {
    child.on("exit", () => resolve());
    child.on("error", () => resolve());
  });
  child.unref();
  (pipe as unknown as { unref?: () => void }).unref?.();
  return {
    add: (group) => void pipe.write(`add ${group}\n`),
    remove: (group) => void pipe.write(`remove ${group}\n`),
    async dismiss() {
      child.ref();
      pipe.end("done\n");
      await gone;
    },
  };
}
