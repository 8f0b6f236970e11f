// The logs of a run folder, which other programs write straight into their files: what must not be shown is taken out at the end.
import { createReadStream, createWriteStream, existsSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { partPath } from "../platform/whole-file.ts";
import { RUN_FILES } from "./run-files.ts";

const LOGS: readonly string[] = [RUN_FILES.k6Log, RUN_FILES.serverLog];

/**
 * Hides secrets in the logs of a folder and of those in it. A log without any stays as it is.
 * @param hidden a text without the secrets that are known
 * @returns the path of each log that could not be rewritten
 */
export async function hideInLogs(folder: string, hidden: (text: string) => string): Promise<string[]> {
  if (!existsSync(folder)) return [];
  const names = readdirSync(folder, { recursive: true, encoding: "utf8" });
  const failed: string[] = [];
  for (const name of names.filter((one) => LOGS.some((log) => one === log || one.endsWith(`/${log}`)))) {
    const path = join(folder, name);
    try {
      if (await hasSecret(path, hidden)) await rewrite(path, hidden);
    } catch {
      failed.push(path);
    }
  }
  return failed;
}

/** With their line feeds, except for what follows the last one. */
async function* readLines(path: string): AsyncGenerator<string> {
  let rest = "";
  for await (const piece of createReadStream(path, "utf8")) {
    const lines = (rest + (piece as string)).split(/(?<=\n)/);
    rest = lines.pop() ?? "";
    yield* lines;
  }
  if (rest !== "") yield rest;
}

async function hasSecret(path: string, hidden: (text: string) => string): Promise<boolean> {
  for await (const line of readLines(path)) if (hidden(line) !== line) return true;
  return false;
}

async function rewrite(path: string, hidden: (text: string) => string): Promise<void> {
  const part = partPath(path);
  async function* toHidden() {
    for await (const line of readLines(path)) yield hidden(line);
  }
  try {
    await pipeline(Readable.from(toHidden()), createWriteStream(part, { flags: "wx" }));
    renameSync(part, path);
  } finally {
    rmSync(part, { force: true });
  }
}
