// The command `matrix`.
import { DIMENSIONS } from "../../decide/matrix/dimensions.ts";
import type { MatrixOptions } from "../../decide/matrix/make-matrix.ts";
import { defineCommand } from "../command.ts";

function toHelpEnd(): string {
  return [
    "",
    `Dimensions: ${[...Object.keys(DIMENSIONS), "slots", "name", "task"].join(", ")}, and every option by its name,`,
    "such as batch-size. Options equal in all runs are listed once; options that differ become dimensions",
    "automatically, so that only runs of the same load count as repeats.",
    "",
    "  matrix runs/                                   all runs in a folder, with repeats and sweeps",
    "  matrix runs/*qwen* --rows model --columns server",
    "  matrix runs/ --by ubatch-size",
  ].join("\n");
}

export const MATRIX = defineCommand<{ folders: string[]; options: MatrixOptions }>({
  name: "matrix",
  summary: "Compares any number of runs in one table and charts",
  description: "Compares any number of runs: models, servers, loads and workloads in one table and charts.",
  define: (command) => {
    command
      .argument("<folder...>", "run folders, or folders that contain some")
      .option("--rows <dimension>", "rows of the table, and series of the charts")
      .option("--columns <dimension>", "columns; prints one table for each figure")
      .option(
        "--by <dimension>",
        "x axis of the line charts: a numeric dimension with at least three values [default parallel]",
      )
      .option("-o, --output <folder>", "where matrix.md, .csv and .html go [default a new folder in runs]")
      .option("--json", "print the matrix as JSON and nothing else")
      .addHelpText("after", toHelpEnd());
  },
  read: (command) => ({ folders: command.processedArgs[0] as string[], options: command.opts() }),
  run: async ({ folders, options }, context) => {
    const { makeMatrix } = await import("../../decide/matrix/make-matrix.ts");
    const { regenerateSummary } = await import("../../runs/results.ts");
    return makeMatrix(folders, options, context, regenerateSummary);
  },
});
