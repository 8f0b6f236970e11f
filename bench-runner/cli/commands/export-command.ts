// The command `export`.
import { repeatable } from "../../config/repeatable.ts";
import { exportRun } from "../../outputs/export/export.ts";
import { type ExportFormat, FORMAT_NAMES, FORMATS } from "../../outputs/export/export-formats.ts";
import { EXIT } from "../../platform/exit-codes.ts";
import { defineCommand } from "../command.ts";

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

export const EXPORT = defineCommand<{ folder: string; given: Given }>({
  name: "export",
  summary: "Writes requests and figures of a run as CSV, Parquet, JUnit XML and more",
  description: "Writes the requests and figures of a finished run for other programs.",
  define: (command) => {
    command
      .argument("<folder>", "run folder")
      .addOption(repeatable("--format <names>", "one or several, separated by commas; repeatable"))
      .option(
        "--output <path>",
        "folder to write to, or the file for a format that has a single one [default the run folder]",
      )
      .option("--force", "replace existing files")
      .addHelpText("after", toFormatHelp());
  },
  read: (command) => ({ folder: command.processedArgs[0] as string, given: command.opts() }),
  run: async ({ folder, given: { format: formats = [], output, force = false } }, context) => {
    await exportRun(folder, { formats, force, ...(output !== undefined && { output }) }, context);
    return EXIT.ok;
  },
});
