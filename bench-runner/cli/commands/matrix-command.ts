// The command `matrix` on the command line.
import type { Command } from "commander";
import { DIMENSIONS } from "../../decide/matrix/dimensions.ts";
import { type MatrixOptions, makeMatrix } from "../../decide/matrix/make-matrix.ts";
import type { Context } from "../../platform/context.ts";
import { regenerateSummary } from "../../runs/results.ts";

function toHelpEnd(): string {
  return [
    "",
    `Dimensions: ${[...Object.keys(DIMENSIONS), "slots", "name", "task"].join(", ")}, and every option by its name,`,
    "such as batch-size. What does not vary is said once; options in which runs differ that are otherwise",
    "alike become dimensions by themselves, so that only runs of the same load are taken for repeats.",
    "",
    "  matrix runs/                                   all runs in a folder, its repeats and sweeps too",
    "  matrix runs/*qwen* --rows model --columns server",
    "  matrix runs/ --by ubatch-size",
  ].join("\n");
}

/** Adds `matrix` to the command line. @param onExit takes the exit code */
export function addMatrixCommand(
  program: Command,
  context: Context,
  onExit: (exitCode: number) => void,
): void {
  program
    .command("matrix")
    .description("Compares any number of runs: models, servers, loads and workloads in one table and charts.")
    .argument("<folder...>", "run folders, or folders that hold some")
    .option("--rows <dimension>", "what stands down the table and along the charts")
    .option("--columns <dimension>", "what stands side by side; prints one table of each figure")
    .option(
      "--by <dimension>",
      "what lines run over, where it is a number with three values or more [default parallel]",
    )
    .option("-o, --output <folder>", "where matrix.md, .csv and .html go [default a new folder in runs]")
    .option("--json", "prints the matrix as JSON and nothing else")
    .addHelpText("after", toHelpEnd())
    .action(async (folders: string[], options: MatrixOptions) => {
      onExit(await makeMatrix(folders, options, context, regenerateSummary));
    });
}
