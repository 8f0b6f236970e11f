// The command `baseline save`: one side of a comparison as a small file, to be kept in a repository.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Context } from "../../platform/context.ts";
import { EXIT } from "../../platform/exit-codes.ts";
import { systemReason, UserError } from "../../platform/user-error.ts";
import { writeWholeFile } from "../../platform/whole-file.ts";
import { BASELINE_FILE } from "./baseline-file.ts";
import { loadFolders } from "./load-side.ts";
import type { Side } from "./side.ts";

/**
 * @param folders runs of the same load, or folders of repeats
 * @returns the exit code
 * @throws UserError
 */
export async function saveBaseline(
  folders: readonly string[],
  { output = BASELINE_FILE, force = false }: { output?: string; force?: boolean },
  { print }: Pick<Context, "print">,
): Promise<number> {
  const path = resolve(output);
  if (existsSync(path) && !force) {
    throw new UserError(
      `${path} already exists. Overwrite it with \`--force\`, or choose another file with \`--output\`.`,
      EXIT.usage,
    );
  }
  const text = toBaselineText(await loadFolders(folders));
  try {
    writeWholeFile(path, text);
  } catch (error) {
    throw new UserError(`${path} could not be written: ${systemReason(error)}.`);
  }
  print(path);
  return EXIT.ok;
}

/** One line per list entry and member: short, and a diff shows what changed. */
export function toBaselineText(side: Side): string {
  const parts = Object.entries(side).map(([key, value]) => {
    const text = Array.isArray(value)
      ? `[\n${value.map((entry) => `    ${JSON.stringify(entry)}`).join(",\n")}\n  ]`
      : JSON.stringify(value);
    return `  ${JSON.stringify(key)}: ${text}`;
  });
  return `{\n${parts.join(",\n")}\n}\n`;
}
