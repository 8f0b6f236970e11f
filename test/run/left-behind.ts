// Where a planted text turns up: in every file below a folder, and in the command line of every process.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

/** Paths of the files that have the text; other names of folders and files count as well. */
export function filesWith(folder: string, text: string): string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.flatMap((entry) => {
    const path = join(entry.parentPath, entry.name);
    if (entry.name.includes(text)) return [path];
    return entry.isFile() && readFileSync(path).includes(text) ? [path] : [];
  });
}

/** Names of programs on this machine whose command line, as `ps` shows it, has the text. */
export function commandLinesWith(text: string): string[] {
  return readdirSync("/proc").flatMap((pid) => {
    if (!/^\d+$/.test(pid)) return [];
    try {
      const line = readFileSync(join("/proc", pid, "cmdline"), "utf8");
      return line.includes(text) ? [line.split("\0").slice(0, 3).join(" ")] : [];
    } catch {
      return [];
    }
  });
}
