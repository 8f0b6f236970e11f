// Programs that only burn CPU: what a client has to share its cores with.
import { execa } from "execa";
import { pinned } from "./programs.ts";

/** Starts busy loops, on one core or wherever the kernel puts them; they end after this many seconds, or when the returned function is called. */
export function startBusyLoops(
  count: number,
  core: number | undefined,
  seconds: number,
): () => Promise<void> {
  const loop = `const end = Date.now() + ${seconds * 1000}; while (Date.now() < end);`;
  const [program = process.execPath, ...rest] = [...pinned(core), process.execPath, "-e", loop];
  const children = Array.from({ length: count }, () => execa(program, rest, { reject: false }));
  return async () => {
    for (const child of children) child.kill("SIGKILL");
    await Promise.all(children);
  };
}
