// `--append`: collects rows of summary.csv in one file, to which several processes may append at the same time.
import {
  accessSync,
  appendFileSync,
  closeSync,
  constants,
  existsSync,
  fstatSync,
  linkSync,
  openSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname } from "node:path";
import { systemReason, UserError } from "../platform/user-error.ts";
import { partPath } from "../platform/whole-file.ts";
import type { Summary } from "../summary/summary.ts";
import { renderCsv } from "./render-csv.ts";

/** The header with its line end. */
const HEADER = renderCsv([]);

/** Checks the file before anything is measured. @throws UserError if rows cannot be appended */
export function checkAppend(path: string): void {
  const folder = dirname(path);
  if (!existsSync(folder)) {
    throw new UserError(`\`--append ${path}\`: the folder ${folder} does not exist. Create it first.`);
  }
  try {
    if (existsSync(path) && statSync(path).isDirectory()) {
      throw new UserError(`\`--append ${path}\`: it is a folder. Give the name of a file.`);
    }
    accessSync(existsSync(path) ? path : folder, constants.W_OK);
    if (existsSync(path)) checkHeader(path, readEnds(path).start);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`\`--append ${path}\`: it cannot be written: ${systemReason(error)}.`);
  }
}

/** An empty file has no header yet. */
function checkHeader(path: string, start: string): void {
  if (start === "" || start === HEADER.trimEnd()) return;
  throw new UserError(
    `\`--append ${path}\`: its header differs from that of this version's summary.csv, so rows would not match. Give another file.`,
  );
}

/**
 * Adds a row per summary, below the header, in one write: rows of runs that end at the same time do not mix.
 * @throws UserError
 */
export function appendRows(path: string, summaries: readonly Summary[]): void {
  if (summaries.length === 0) return;
  const rows = renderCsv(summaries).slice(HEADER.length);
  try {
    if (!existsSync(path)) putHeader(path);
    const { start, endsLine } = readSettledEnds(path);
    checkHeader(path, start);
    // An editor may have removed the end of the last line.
    appendFileSync(path, start === "" ? HEADER + rows : endsLine ? rows : `\n${rows}`);
  } catch (error) {
    if (error instanceof UserError) throw error;
    throw new UserError(`\`--append ${path}\`: it could not be written: ${systemReason(error)}.`);
  }
}

/** Makes the file with its header atomically: if two runs make it at the same time, one succeeds. */
function putHeader(path: string): void {
  const own = partPath(path);
  try {
    writeFileSync(own, HEADER, { flag: "wx" });
    linkSync(own, path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return;
    // A file system without links: here two runs that make the file at the same moment may both write a header.
    if (code !== "EPERM" && code !== "ENOTSUP" && code !== "ENOSYS") throw error;
    appendFileSync(path, HEADER);
  } finally {
    rmSync(own, { force: true });
  }
}

/** A row that another run is writing is complete a moment later. */
function readSettledEnds(path: string): ReturnType<typeof readEnds> {
  for (let tries = 0; ; tries += 1) {
    const ends = readEnds(path);
    if (ends.endsLine || ends.start === "" || tries === 5) return ends;
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);
  }
}

/** Reads the first line, up to the length of a header, and whether the last line is complete. */
function readEnds(path: string): { start: string; endsLine: boolean } {
  const file = openSync(path, "r");
  try {
    const { size } = fstatSync(file);
    const head = Buffer.alloc(HEADER.length + 16);
    const length = readSync(file, head, 0, head.length, 0);
    const tail = Buffer.alloc(1);
    if (size > 0) readSync(file, tail, 0, 1, size - 1);
    const [start = ""] = head
      .toString("utf8", 0, length)
      .replace(/^\ufeff/, "")
      .split(/\r?\n/);
    return { start, endsLine: tail.toString() === "\n" };
  } finally {
    closeSync(file);
  }
}
