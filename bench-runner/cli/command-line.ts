// The command line: arguments → which command with which options; help, and one clear sentence for what is wrong.
import { Command, CommanderError } from "commander";
import { addAliasFlags, toAliasTexts } from "../config/files/alias-flags.ts";
import { refuseKeyFlag } from "../config/keys.ts";
import {
  toCommanderOptions,
  toFlagTexts,
  toVariableDocs,
  writeOutShortFlags,
} from "../config/option-flags.ts";
import { repeatable } from "../config/repeatable.ts";
import { readOwnVersion } from "../load/environment.ts";
import type { Context } from "../platform/context.ts";
import { EXIT, EXIT_CODE_DOCS } from "../platform/exit-codes.ts";
import { UserError } from "../platform/user-error.ts";
import type { ReportOptions } from "../runs/report.ts";
import { addCompareCommands } from "./commands/compare-command.ts";
import { addDatasetsCommand } from "./commands/datasets-command.ts";
import { addDoctorCommand } from "./commands/doctor-command.ts";
import { addExportCommand } from "./commands/export-command.ts";
import { addInitCommand } from "./commands/init-command.ts";
import { addMatrixCommand } from "./commands/matrix-command.ts";
import { addProbeCommand, type ProbeAction } from "./commands/probe-command.ts";
import { addSweepCommand, type SweepAction } from "./commands/sweep-command.ts";

/** What a run may have besides flags of its own. */
export interface MoreArguments {
  /** Flags of other tools, by name. */
  aliases: Record<string, string>;
  /** `TARGET MODEL WORKLOAD`. */
  words: string[];
}

/** What the commands do; each resolves to the exit code. */
export interface CommandActions {
  run(flags: Record<string, string>, more: MoreArguments): Promise<number>;
  quickstart(flags: Record<string, string>, more: MoreArguments): Promise<number>;
  report(folders: string[], options: ReportOptions): Promise<number>;
  /** @param name one of this project's, or a path; undefined for the list */
  scenarios(name: string | undefined): Promise<number>;
  /** @param folder a finished run; without it the flags say what to run */
  calibrate(folder: string | undefined, flags: Record<string, string>): Promise<number>;
  sweep: SweepAction;
  probe: ProbeAction;
}

const COMMANDS = [
  "run",
  "quickstart",
  "probe",
  "report",
  "scenarios",
  "calibrate",
  "sweep",
  "datasets",
  "export",
  "matrix",
  "compare",
  "baseline",
  "init",
  "doctor",
  "help",
];

function toHelpEnd(): string {
  const columns = (rows: readonly (readonly [string, string])[]) => {
    const width = Math.max(...rows.map(([name]) => name.length)) + 2;
    return rows.map(([name, text]) => `  ${name.padEnd(width)}${text}`).join("\n");
  };
  return [
    "",
    "Only by variable:",
    columns(toVariableDocs()),
    "",
    "A flag wins over its variable (in brackets), a variable over a file (`--config`), a file over the default.",
    "Times: 90, 1.5, 10m, 1h30m. Flags of other tools that are known, such as `--rps`: docs/aliases.md.",
    "",
    "Exit codes:",
    columns(EXIT_CODE_DOCS.map(({ code, meaning }) => [String(code), meaning] as const)),
    "",
    "Other commands:",
    columns([
      ["quickstart", "a first run with a small model; takes the same options (`npm start`)"],
      ["init", "writes a commented server-bench.yaml into this folder"],
      ["doctor", "checks what a run needs on this machine; see `doctor --help`"],
      ["probe", "one request, and everything about it; see `probe --help`"],
      ["report FOLDER…", "makes the summary of finished runs anew from their files"],
      [
        "scenarios [NAME]",
        "which scenarios there are; which options one of them, or a script of your own, takes",
      ],
      ["calibrate [FOLDER]", "how true and how fast this client is at a run's load; see `calibrate --help`"],
      ["sweep", "one load after the other: the highest that meets the SLOs; see `sweep --help`"],
      ["datasets …", "lists, fetches, inspects and prepares prompt sets; see `datasets --help`"],
      ["compare BASE NEW…", "what differs, and whether it is more than noise; see `compare --help`"],
      ["baseline save FOLDER…", "keeps a result as a small file for `compare`; see `baseline save --help`"],
      ["matrix FOLDER…", "compares any number of runs in one table and charts; see `matrix --help`"],
      [
        "export FOLDER",
        "requests as CSV or Parquet, thresholds as JUnit XML, other layouts; see `export --help`",
      ],
    ]),
  ].join("\n");
}

function addRunOptions(command: Command): Command {
  for (const option of toCommanderOptions()) command.addOption(option);
  return command.addHelpText("after", toHelpEnd());
}

/** commander's messages ("error: unknown option '--foo'\n(Did you mean --bar?)") in our style. Pure. */
export function toUsageSentence(message: string): string {
  const [first = "", hint] = message.replace(/^error: /, "").split("\n");
  const sentence = first.replace(/'([^']*)'/g, "`$1`").replace(/\.$/, "");
  const suggestion = /\(Did you mean (?:one of )?(.*)\?\)/.exec(hint ?? "")?.[1];
  const remedy = suggestion
    ? ` Did you mean ${suggestion
        .split(", ")
        .map((flag) => `\`${flag}\``)
        .join(" or ")}?`
    : "";
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.${remedy} \`--help\` lists what there is.`;
}

/** The default command is `run`: put in where the arguments name none. @throws UserError for an unknown command */
export function withCommand(args: readonly string[]): string[] {
  const [first] = args;
  if (first === undefined || (first.startsWith("-") && first !== "--version")) return ["run", ...args];
  if (COMMANDS.includes(first) || first === "--version") return [...args];
  // One word alone is a mistyped command; two may be `TARGET MODEL`.
  if (args[1] !== undefined && !args[1].startsWith("-")) return ["run", ...args];
  throw new UserError(
    `Unknown command \`${first}\`. Commands: \`run\` (the default), \`quickstart\`, \`probe\`, \`report\`, \`sweep\`, \`compare\`, \`baseline\`, \`matrix\`, \`export\`, \`scenarios\`, \`calibrate\`, \`datasets\`, \`init\`, \`doctor\`.`,
    EXIT.usage,
  );
}

/** @throws UserError for an argument that belongs to no flag */
function checkExcess(args: readonly string[]): void {
  const [first] = args;
  if (first === undefined) return;
  const message = COMMANDS.includes(first)
    ? `The command comes first: \`node bench-runner ${first} …\`.`
    : `Unexpected argument \`${first}\`: expected flags, such as \`--model ${first}\`. \`--help\` lists them.`;
  throw new UserError(message, EXIT.usage);
}

/** What stands without a flag: nothing, or `TARGET MODEL` and a workload. @throws UserError */
function toWords(args: readonly string[]): string[] {
  const isForm = args.length > 1 && !args.some((arg) => COMMANDS.includes(arg));
  if (!isForm) checkExcess(args);
  return [...args];
}

/**
 * Reads the arguments and runs the command.
 * @param args without Node and the script
 * @returns the exit code
 * @throws UserError, OptionError
 */
export async function runCommandLine(
  args: readonly string[],
  actions: CommandActions,
  context: Context,
): Promise<number> {
  refuseKeyFlag(args);
  let exitCode: number = EXIT.ok;
  const program = new Command("node bench-runner")
    .description("Load-tests an LLM inference server and writes a run folder with a summary.")
    .version(readOwnVersion())
    .exitOverride()
    .configureOutput({ outputError: () => {} })
    .configureHelp({ helpWidth: Math.min(process.stdout.columns ?? 120, 140) });

  const define = (name: string, description: string) =>
    program.command(name).description(description).allowExcessArguments();
  const toFlags = (values: Record<string, unknown>, command: Command) => {
    const flags = toFlagTexts(values);
    checkExcess(command.args);
    return flags;
  };

  const defineRun = (name: "run" | "quickstart", description: string) => {
    const command = addRunOptions(define(name, description));
    addAliasFlags(command);
    command.action(async (values: Record<string, unknown>) => {
      const flags = toFlagTexts(values);
      const more = { aliases: toAliasTexts(values), words: toWords(command.args) };
      exitCode = await actions[name](flags, more);
    });
  };
  defineRun("run", "Starts llama-server (or uses a running one), puts it under load, and reports.");
  defineRun("quickstart", "A first run: 4 clients, 32 short prompts, 64 tokens each, a small model.");
  addProbeCommand(program, {
    ...{ addRunOptions, toFlags, probe: actions.probe },
    onExit: (code) => {
      exitCode = code;
    },
  });
  define("report", "Makes summary.json, .md and .csv of finished runs anew from the files in their folders.")
    .argument("<folder...>", "run folders")
    .option("--quiet", "prints nothing but the folders; warnings and errors go to stderr")
    .option("--json", "prints summary.json and nothing else; of several folders an array")
    .option("--append <path>", "adds a row for each run to this CSV file, as `run` does")
    .addOption(repeatable("--slo <word>", "judges by this objective instead of the run's own; repeatable"))
    .addOption(
      repeatable("--require <word>", "what must hold, instead of the run's own; repeatable; exit code 99"),
    )
    .action(async (folders: string[], options: ReportOptions) => {
      exitCode = await actions.report(folders, options);
    });
  define("scenarios", "Lists the scenarios, or the options of one of them or of a script of your own.")
    .argument("[name]", "a scenario's name, or the path of a script")
    .action(async (name: string | undefined, _: unknown, command: Command) => {
      checkExcess(command.args.slice(1));
      exitCode = await actions.scenarios(name);
    });
  addRunOptions(
    define(
      "calibrate",
      "Runs the load of a finished run, or of the options, against a server whose truth is known; writes calibration.json.",
    ).argument("[folder]", "run folder; the options are then the run's own"),
  ).action(async (folder: string | undefined, values: Record<string, unknown>, command: Command) => {
    checkExcess(command.args.slice(1));
    exitCode = await actions.calibrate(folder, toFlagTexts(values));
  });
  addDatasetsCommand(program, context);
  addExportCommand(program, context);
  addInitCommand(program, context);
  addDoctorCommand(program, context, (code) => {
    exitCode = code;
  });
  addCompareCommands(program, context, (code) => {
    exitCode = code;
  });
  addMatrixCommand(program, context, (code) => {
    exitCode = code;
  });
  addSweepCommand(program, actions.sweep, (code) => {
    exitCode = code;
  });
  try {
    await program.parseAsync(withCommand(writeOutShortFlags(args)), { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    if (error.exitCode === 0) return EXIT.ok;
    throw new UserError(toUsageSentence(error.message), EXIT.usage);
  }
  return exitCode;
}
