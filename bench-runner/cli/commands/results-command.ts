// The command `results`.
import { EXIT } from "../../platform/exit-codes.ts";
import { type ResultsRequest, redoResults } from "../../runs/redo-results.ts";
import { defineCommand } from "../command.ts";

const MORE = `
Each file is made from the one before:
  results/raw/bench_TARGET_MODEL_WORKLOAD_DATE.jsonl   a line for each request
  results/summary/ … .csv                              its statistics
  results/reports/benchmark_report.md                  of all summaries

  run … --results results                adds each run to the folder
  results results/raw/bench_*.jsonl      summaries of these files, then the report
  results                                all summaries and the report
  results runs/*                         adds finished runs

Fields with their formulas: docs/layouts.md.`;

export const RESULTS = defineCommand<ResultsRequest>({
  name: "results",
  summary: "Makes summaries and the report of a folder of results again from its raw files",
  description: "Makes the summaries and the report of a folder of results, which collects many runs.",
  define: (command) => {
    command
      .argument("[path...]", "raw files, folders of results, run folders")
      .option("--output <folder>", "the folder of results that run folders are added to", "results")
      .addHelpText("after", MORE);
  },
  read: (command) => ({
    paths: command.processedArgs[0] as string[],
    output: (command.opts() as { output: string }).output,
  }),
  run: async (request, { print }) => {
    await redoResults(request, print);
    return EXIT.ok;
  },
});
