// The command `report`.
import { repeatable } from "../../config/repeatable.ts";
import type { ReportOptions } from "../../runs/report.ts";
import { defineCommand } from "../command.ts";

export const REPORT = defineCommand<{ folders: string[]; options: ReportOptions }>({
  name: "report",
  summary: "Regenerates the summary of finished runs",
  description: "Regenerates summary.json, .md and .csv of finished runs from the files in their folders.",
  define: (command) => {
    command
      .argument("<folder...>", "run folders")
      .option("--quiet", "print nothing but the folders; warnings and errors go to stderr")
      .option("--json", "print summary.json and nothing else; an array for several folders")
      .option("--append <path>", "add a row for each run to this CSV file, as `run` does")
      .addOption(repeatable("--slo <word>", "judge by this objective instead of the run's own; repeatable"))
      .addOption(
        repeatable(
          "--require <word>",
          "requirement, instead of the run's own; repeatable; exit code 99 if it fails",
        ),
      );
  },
  read: (command) => ({ folders: command.processedArgs[0] as string[], options: command.opts() }),
  run: async ({ folders, options }, context) => {
    const { report } = await import("../../runs/report.ts");
    return report(folders, options, context);
  },
});
