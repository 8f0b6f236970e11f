// The commands `compare` and `baseline`.
import { repeatable } from "../../config/repeatable.ts";
import { BASELINE_FILE } from "../../decide/compare/baseline-file.ts";
import type { CompareFlags } from "../../decide/compare/compare.ts";
import { type CommandFamily, defineCommand } from "../command.ts";

const HELP_END = `
Verdicts: better, worse or within noise at 95 %, for each figure. With repeats on both sides (\`--repeat 5\`) intervals come
from the repeats; for single runs, from blocks of time; run-to-run variation is then not included.

Requirements: a change with a sign (\`ttft.p95 <= +10%\`, \`output-tokens-per-second >= -5%\`, \`tpot.mean <= +2ms\`,
\`success >= -1%\`: points), or a value (\`ttft.p95 < 800ms\`) that only NEW is judged by. A change fails when it is beyond its
limit and its interval excludes no change. An inconclusive requirement passes unless \`--strict\` is given.

Exit codes: 0 every requirement holds; 99 a requirement failed; 2 the runs do not measure the same thing, or a usage error;
1 a file could not be read or written.`;

interface Compared {
  base: string;
  next: string[];
  flags: CompareFlags;
}

export const COMPARE = defineCommand<Compared>({
  name: "compare",
  summary: "Shows what differs between runs, and whether it is more than noise",
  define: (command) => {
    command
      .argument("<base>", "run folder, folder of repeats, or baseline file")
      .argument("<new...>", "one or several of the same")
      .addOption(repeatable("--require <requirement>", "requirement on NEW or on its change; repeatable"))
      .option("--strict", "fail a requirement that is inconclusive")
      .addOption(repeatable("--allow <key>", "an intended difference, such as `server-build`; repeatable"))
      .option("--force", "compare in spite of any difference, and list the differences")
      .option("--confidence <share>", "confidence level of every interval", "95%")
      .option("--json", "print the comparison as JSON and nothing else")
      .option("--markdown <path>", "write it as Markdown as well")
      .option("--html <path>", "write it as a page with charts as well")
      .addHelpText("after", HELP_END);
  },
  read: (command) => {
    const [base, next] = command.processedArgs as [string, string[]];
    return { base, next, flags: command.opts() };
  },
  run: async ({ base, next, flags }, context) => {
    const { compare } = await import("../../decide/compare/compare.ts");
    return compare(base, next, flags, context);
  },
});

const SAVE = defineCommand<{ folders: string[]; flags: { output?: string; force?: boolean } }>({
  name: "save",
  summary: "Writes what a comparison needs from runs of one load into one file",
  define: (command) => {
    command
      .argument("<folder...>", "run folder, folder of repeats, or several runs of the same load")
      .option("-o, --output <path>", "file to write", BASELINE_FILE)
      .option("--force", "replace an existing file");
  },
  read: (command) => ({ folders: command.processedArgs[0] as string[], flags: command.opts() }),
  run: async ({ folders, flags }, context) => {
    const { saveBaseline } = await import("../../decide/compare/save-baseline.ts");
    return saveBaseline(folders, flags, context);
  },
});

export const BASELINE: CommandFamily = {
  name: "baseline",
  summary: "Keeps a result as a small file to compare with",
  members: [SAVE],
};
