// The commands `datasets list`, `fetch`, `inspect` and `prepare`.
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { LOAD_OPTION_DOCS } from "../../../lib/core/options/option-docs.ts";
import { LOAD_OPTIONS, type OptionSpec, resolveOptions } from "../../../lib/core/options/options.ts";
import type { Context, Variables } from "../../platform/context.ts";
import { EXIT } from "../../platform/exit-codes.ts";
import { inProject } from "../../platform/project-root.ts";
import { listenForStop } from "../../platform/stop-request.ts";
import { UserError } from "../../platform/user-error.ts";
import { describeFetched, fetchDataset } from "../../prompts/datasets/fetch/fetch-dataset.ts";
import { toDatasetPath } from "../../prompts/datasets/fetched-dataset.ts";
import { inspectDataset } from "../../prompts/datasets/inspect/inspect-dataset.ts";
import { toInspectText } from "../../prompts/datasets/inspect/inspect-text.ts";
import { KNOWN_NAMES, OWN_PROMPTS } from "../../prompts/datasets/known-datasets.ts";
import { listDatasets } from "../../prompts/datasets/list-datasets.ts";
import { describeCounts, prepareDataset } from "../../prompts/datasets/prepare.ts";
import { openFileCounter } from "../../prompts/tokens/file-counter.ts";
import { wordsCounter } from "../../prompts/tokens/words-counter.ts";

type Given = Record<string, string | undefined>;

/** The options of a load that have a meaning here. */
const OPTIONS = {
  datasetFormat: LOAD_OPTIONS.datasetFormat,
  datasetColumn: LOAD_OPTIONS.datasetColumn,
  allowPartial: LOAD_OPTIONS.allowPartial,
  maxPromptTokens: LOAD_OPTIONS.maxPromptTokens,
  maxContext: LOAD_OPTIONS.maxContext,
} as const;

/** How many turns a prepared file keeps; what is inspected has all that it has. */
const PREPARE_OPTIONS = { ...OPTIONS, maxTurns: LOAD_OPTIONS.maxTurns } as const;

function readOptions(given: Given, variables: Variables) {
  const { values } = resolveOptions(PREPARE_OPTIONS, {
    flags: {
      "dataset-format": given.datasetFormat,
      "dataset-column": given.datasetColumn,
      "allow-partial": given.allowPartial && "true",
      "max-prompt-tokens": given.maxPromptTokens,
      "max-context": given.maxContext,
      "max-turns": given.maxTurns,
    },
    variables,
  });
  return values;
}

function addOptions(command: Command, options: Partial<typeof PREPARE_OPTIONS>): Command {
  for (const [key, spec] of Object.entries<OptionSpec>(options)) {
    const doc = LOAD_OPTION_DOCS[key as keyof typeof options];
    const value = { count: " <n>", switch: "" }[spec.kind as string] ?? " <name>";
    const fact = spec.choices?.join(", ") ?? (spec.default === undefined ? "" : `default ${spec.default}`);
    command.addOption(new Option(`--${spec.flag}${value}`, fact === "" ? doc : `${doc} [${fact}]`));
  }
  return command;
}

async function prepare(input: string, given: Given, { variables, print }: Context): Promise<void> {
  const values = readOptions(given, variables);
  const output = given.output ?? `${input.replace(/\.[^./\\]*$/, "")}.jsonl`;
  if (resolve(output) === resolve(input)) {
    throw new UserError(
      `The output would replace the input ${input}. Name another file by \`--output\`.`,
      EXIT.usage,
    );
  }
  const counts = await prepareDataset(input, output, { ...values, keepAnswers: true });
  print(
    `${output}: read as \`${counts.format}\`, ${describeCounts(counts, values)}.\n` +
      `Use it by \`--dataset ${output}\` or \`SERVER_BENCH_DATASET=${output}\`.`,
  );
}

async function inspect(
  input: string | undefined,
  given: Given,
  { variables, print }: Context,
): Promise<void> {
  const values = readOptions(given, variables);
  const path = input === undefined ? inProject(OWN_PROMPTS.file) : toDatasetPath(input, variables);
  const counter = given.tokenizer === undefined ? wordsCounter : await openFileCounter(given.tokenizer);
  const report = await inspectDataset(path, values, counter);
  print(given.json ? JSON.stringify(report, null, 2) : toInspectText(report));
}

async function fetchTo(name: string, given: Given, { variables, say, print }: Context): Promise<void> {
  const parentFd = Number(variables.SERVER_BENCH_PARENT_FD || Number.NaN);
  const stop = listenForStop({
    ...(Number.isInteger(parentFd) && { parentFd }),
    onSecond: () => process.exit(EXIT.killed),
  });
  try {
    const fetched = await fetchDataset(name, {
      revision: given.revision,
      output: given.output,
      sha256: given.sha256,
      variables,
      say,
      progress: process.stderr,
      stop,
    });
    print(describeFetched(fetched));
  } finally {
    stop.dispose();
  }
}

/** Adds `datasets list`, `fetch`, `inspect` and `prepare` to the command line. */
export function addDatasetsCommand(program: Command, context: Context): void {
  const datasets = program
    .command("datasets")
    .description("lists, fetches, inspects and prepares prompt sets");
  const define = (name: string, description: string) =>
    datasets.command(name).description(description).allowExcessArguments(false);

  define("list", "lists the datasets that have a name here, and which of them are fetched").action(() => {
    context.print(listDatasets(context.variables));
  });
  define("fetch", "fetches a dataset: resumed where it broke off, its hash checked")
    .argument(
      "<name>",
      `${KNOWN_NAMES.replaceAll("`", "")}; OWNER/REPO/path/in/repo on the Hugging Face hub; or an address`,
    )
    .option("--revision <name>", "branch, tag or commit of the repository [default main]")
    .option("--output <file>", "file or folder to write to; default: the user's cache folder")
    .option("--sha256 <hex>", "what the file's SHA-256 must be, where no hub says it")
    .addHelpText("after", "\nOnly by variable: HF_TOKEN (for gated datasets), HF_ENDPOINT (another hub).")
    .action((name: string, given: Given) => fetchTo(name, given, context));
  addOptions(
    define("inspect", "shows what is in a dataset: rows, lengths, repeated prompts, examples")
      .argument(
        "[file]",
        "a file in any format, or the name of a fetched dataset; default: the project's own prompts",
      )
      .option("--tokenizer <file>", "tokenizer.json that counts the tokens [default whitespace words]")
      .option("--json", "the same as JSON"),
    OPTIONS,
  ).action((file: string | undefined, given: Given) => inspect(file, given, context));
  addOptions(
    define("prepare", "filters a dataset once, into a compact file that k6 reads quickly")
      .argument("<input>", "JSON, JSON lines, CSV, Parquet or plain text, of any size")
      .option("--output <file>", "file to write; default: the input's name with .jsonl"),
    PREPARE_OPTIONS,
  ).action((input: string, given: Given) => prepare(input, given, context));
}
