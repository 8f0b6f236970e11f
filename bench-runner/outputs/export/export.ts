// The command `export`: from the formats and the place given to the files and their content.
import { existsSync, statSync } from "node:fs";
import { join, resolve } from "node:path";
import type { Context } from "../../platform/context.ts";
import { EXIT } from "../../platform/exit-codes.ts";
import { UserError } from "../../platform/user-error.ts";
import {
  type ExportFile,
  type ExportFormat,
  FORMAT_NAMES,
  FORMATS,
  type FormatName,
} from "./export-formats.ts";
import { type ExportRun, openRun } from "./export-run.ts";
import { writeExport } from "./write-file.ts";

export interface ExportRequest {
  /** As given: names, or several names separated by commas. */
  formats: readonly string[];
  /** A folder, or a file name for a format of one file; absent for the run folder. */
  output?: string;
  /** Whether existing files are overwritten. */
  force: boolean;
}

/** @throws UserError for an unknown format, and if no format is given */
export function toFormats(given: readonly string[]): FormatName[] {
  const names = given.flatMap((text) => text.split(",")).map((name) => name.trim());
  const wanted = [...new Set(names.filter((name) => name !== ""))];
  const unknown = wanted.find((name) => !(FORMAT_NAMES as string[]).includes(name));
  const list = FORMAT_NAMES.map((name) => `\`${name}\``).join(", ");
  if (unknown !== undefined) {
    throw new UserError(`Unknown format \`${unknown}\`. Formats: ${list}.`, EXIT.usage);
  }
  if (wanted.length === 0) {
    throw new UserError(
      `\`--format\` is missing. Give one or more of these, separated by commas: ${list}.`,
      EXIT.usage,
    );
  }
  return wanted as FormatName[];
}

/**
 * Each file with its absolute path. `output` is a file name if there is one file to write and `output` is neither a
 * folder nor ends like one; otherwise it is a folder.
 */
function toTargets(run: ExportRun, formats: readonly FormatName[], output: string | undefined) {
  const files = formats.flatMap((name): ExportFile[] => FORMATS[name].files(run));
  const [first, ...more] = files;
  const base = output === undefined ? run.folder.path : resolve(output);
  const isFolder = /[\\/]$/.test(output ?? "/") || (existsSync(base) && statSync(base).isDirectory());
  if (first !== undefined && more.length === 0 && !isFolder) return [{ file: first, path: base }];
  return files.map((file) => ({ file, path: join(base, file.path) }));
}

/**
 * Exports a run; writes nothing if a file exists and may not be overwritten.
 * @throws UserError
 */
export async function exportRun(
  folder: string,
  { formats: given, output, force }: ExportRequest,
  { say, print }: Pick<Context, "say" | "print">,
): Promise<void> {
  const formats = toFormats(given);
  const run = await openRun(folder);
  const targets = toTargets(run, formats, output);
  const inTheWay = targets.find(({ file, path }) => !file.accumulates && existsSync(path));
  if (inTheWay !== undefined && !force) {
    throw new UserError(
      `${inTheWay.path} already exists. Overwrite it with \`--force\`, or give another place with \`--output\`.`,
      EXIT.usage,
    );
  }
  for (const { file, path } of targets) {
    await writeExport(path, file.content(path));
    print(path);
  }
  const { tornLine, repeatedLines } = run.state;
  if (tornLine !== undefined) say(`Line ${tornLine} of the journal is cut off: its request is left out.`);
  if (repeatedLines !== undefined) {
    say(`Lines of the journal that repeat a request are left out: ${repeatedLines}.`);
  }
  for (const name of formats) {
    const { note }: ExportFormat = FORMATS[name];
    const text = note?.(await run.summary());
    if (text !== undefined) say(`${name}: ${text}.`);
  }
}
