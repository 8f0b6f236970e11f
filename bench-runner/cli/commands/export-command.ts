// The command `export` on the command line.
import type { Command } from "commander";
import { repeatable } from "../../config/repeatable.ts";
import { exportRun } from "../../outputs/export/export.ts";
import { type ExportFormat, FORMAT_NAMES, FORMATS } from "../../outputs/export/export-formats.ts";
import type { Context } from "../../platform/context.ts";

interface Given {
  format?: string[];
  output?: string;
  force?: boolean;
}

function toFormatHelp(): string {
  const width = Math.max(...FORMAT_NAMES.map((name) => name.length)) + 2;
  const rows = Object.entries<ExportFormat>(FORMATS).map(
    ([name, { description }]) => `  ${name.padEnd(width)}${description}`,
  );
  return ["", "Formats:", ...rows, "", "Columns and fields with their formulas: docs/layouts.md."].join("\n");
}

/** Adds `export` to the command line. */
export function addExportCommand(program: Command, context: Context): void {
  const format = repeatable("--format <names>", "one or several, with commas between, or given again");
  program
    .command("export")
    .description("Writes the requests and figures of a finished run for other programs.")
    .argument("<folder>", "run folder")
    .addOption(format)
    .option(
      "--output <path>",
      "folder to write to, or the file of a format that has one [default the run folder]",
    )
    .option("--force", "replace files that are there already")
    .allowExcessArguments(false)
    .addHelpText("after", toFormatHelp())
    .action((folder: string, { format: formats = [], output, force = false }: Given) =>
      exportRun(folder, { formats, force, ...(output !== undefined && { output }) }, context),
    );
}
