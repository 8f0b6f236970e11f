// The commands `compare` and `baseline` on the command line.
import type { Command } from "commander";
import { repeatable } from "../../config/repeatable.ts";
import { type CompareFlags, compare } from "../../decide/compare/compare.ts";
import { BASELINE_FILE, saveBaseline } from "../../decide/compare/save-baseline.ts";
import type { Context } from "../../platform/context.ts";

const HELP_END = `
Verdicts: better, worse or within noise at 95 %, for each figure. With repeats on both sides (\`--repeat 5\`) intervals come
from the repeats; of single runs from blocks of time, which leaves out how much whole runs differ.

Requirements: a change with a sign (\`ttft.p95 <= +10%\`, \`output-tokens-per-second >= -5%\`, \`tpot.mean <= +2ms\`,
\`success >= -1%\`: points), or a value (\`ttft.p95 < 800ms\`) that NEW alone is judged by. A change fails when it is beyond its
limit and its interval leaves out no change. What cannot be told does not fail, but with \`--strict\`.

Exit codes: 0 every requirement holds; 99 one failed; 2 not measurements of the same thing, or a usage error; 1 a file was
in the way.`;

/** @param setExitCode called once when the command is done */
export function addCompareCommands(
  program: Command,
  context: Context,
  setExitCode: (code: number) => void,
): void {
  program
    .command("compare")
    .description("Says what differs between runs, and whether it is more than noise.")
    .argument("<base>", "run folder, folder of repeats, or baseline file")
    .argument("<new...>", "one or several of the same")
    .addOption(repeatable("--require <requirement>", "what must hold of NEW or of its change; repeatable"))
    .option("--strict", "a requirement that cannot be told fails, too")
    .addOption(repeatable("--allow <key>", "what is meant to differ, such as `server-build`; repeatable"))
    .option("--force", "compares whatever differs, and says it")
    .option("--confidence <share>", "of every interval", "95%")
    .option("--json", "prints the comparison as JSON and nothing else")
    .option("--markdown <path>", "writes it as Markdown as well")
    .option("--html <path>", "writes it as a page with charts as well")
    .allowExcessArguments(false)
    .addHelpText("after", HELP_END)
    .action(async (base: string, next: string[], flags: CompareFlags) => {
      setExitCode(await compare(base, next, flags, context));
    });
  const baseline = program.command("baseline").description("Keeps a result as a small file to compare with.");
  baseline
    .command("save")
    .description("Writes what a comparison needs of runs of one load into one file.")
    .argument("<folder...>", "run folder, folder of repeats, or several runs of the same load")
    .option("-o, --output <path>", "file to write", BASELINE_FILE)
    .option("--force", "replaces a file that is there already")
    .action(async (folders: string[], flags: { output?: string; force?: boolean }) => {
      setExitCode(await saveBaseline(folders, flags, context));
    });
}
