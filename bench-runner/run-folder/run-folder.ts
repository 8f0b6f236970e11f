// The run folder, created at the start of a run. Only this file writes outputs.
import { appendFileSync, mkdirSync, statfsSync } from "node:fs";
import { join, resolve } from "node:path";
import { formatValue } from "../../lib/core/units.ts";
import { systemReason, UserError } from "../platform/user-error.ts";
import { writeWholeFile } from "../platform/whole-file.ts";

/** "20261122T191505Z". */
function toStamp(time: Date): string {
  return time.toISOString().replace(/[-:]|\.\d+/g, "");
}

/** A run's name as part of a folder's name: letters, digits, dots, dashes and underscores, at most 60. Pure. */
export function toFolderName(time: Date, name: string): string {
  const slug = name
    .normalize("NFKD")
    .replace(/[^A-Za-z0-9._-]+/g, "-")
    .replace(/^[-.]+|-+$/g, "")
    .slice(0, 60);
  return `${toStamp(time)}-${slug || "run"}`;
}

export class RunFolder {
  /** Absolute. */
  readonly path: string;
  /** One sentence for each file that could not be written completely. */
  readonly problems: string[] = [];
  readonly #failed = new Set<string>();

  constructor(path: string) {
    this.path = resolve(path);
  }

  file(name: string): string {
    return join(this.path, name);
  }

  /** Creates a run folder within this one. @throws UserError */
  makeFolder(name: string): RunFolder {
    const path = this.file(name);
    try {
      mkdirSync(path);
    } catch (error) {
      throw new UserError(`The folder ${path} could not be created: ${systemReason(error)}.`);
    }
    return new RunFolder(path);
  }

  /** Writes a file atomically: it is either the old one or the new one. @throws UserError */
  write(name: string, text: string): void {
    const path = this.file(name);
    try {
      writeWholeFile(path, text);
    } catch (error) {
      throw new UserError(`${path} could not be written: ${systemReason(error)}.`);
    }
  }

  /** Writes a file; if that fails, the run continues and `problems` reports it. */
  tryWrite(name: string, text: string): boolean {
    try {
      this.write(name, text);
      return true;
    } catch (error) {
      this.problems.push((error as Error).message);
      return false;
    }
  }

  /** Adds a line to a JSONL file; after a failure the file is not touched again, and `problems` reports it once. */
  append(name: string, line: object): void {
    if (this.#failed.has(name)) return;
    try {
      appendFileSync(this.file(name), `${JSON.stringify(line)}\n`);
    } catch (error) {
      this.#failed.add(name);
      this.problems.push(`${this.file(name)} is incomplete: ${systemReason(error)}.`);
    }
  }
}

/** With less than this, even a short run would fail before its summary. */
const NEEDED_BYTES = 16 * 2 ** 20;

/** @throws UserError if the disk is almost full */
function checkSpace(folder: string, output: string): void {
  const { bavail, bsize } = statfsSync(folder);
  if (bavail * bsize >= NEEDED_BYTES) return;
  throw new UserError(
    `The disk under \`${output}\` (${folder}) is full: ${formatValue(bavail * bsize, "bytes")} are free. Free some space, or choose another folder with \`--output\`.`,
  );
}

/**
 * Creates `OUTPUT/<UTC time>-<name>/`, with a number appended if it exists already.
 * @throws UserError if it cannot be created or written to
 */
export function createRunFolder(output: string, name: string, time: Date): RunFolder {
  const base = join(resolve(output), toFolderName(time, name));
  try {
    mkdirSync(resolve(output), { recursive: true });
    checkSpace(resolve(output), output);
    for (let number = 1; number < 100; number += 1) {
      const path = number === 1 ? base : `${base}-${number}`;
      try {
        mkdirSync(path);
        return new RunFolder(path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
    }
    throw new Error("a hundred runs started in this second");
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(
      `No run folder can be created in \`${output}\` (${resolve(output)}): ${systemReason(error)}. Choose another folder with \`--output\`.`,
    );
  }
}
