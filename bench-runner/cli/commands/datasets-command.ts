// The commands `datasets list`, `fetch`, `inspect` and `prepare`.
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { toReadingForm } from "../../../lib/core/apis/apis.ts";
import { type DefinedOption, resolveOptions } from "../../../lib/core/options/option.ts";
import { LOAD_OPTIONS } from "../../../lib/core/options/options.ts";
import type { Context, Variables } from "../../platform/context.ts";
import { EXIT } from "../../platform/exit-codes.ts";
import { inProject } from "../../platform/project-root.ts";
import { listenForStop } from "../../platform/stop-request.ts";
import { UserError } from "../../platform/user-error.ts";
import { toDatasetPath } from "../../prompts/datasets/fetched-dataset.ts";
import { KNOWN_NAMES, OWN_PROMPTS } from "../../prompts/datasets/known-datasets.ts";
import type { TokenCounter } from "../../prompts/tokens/token-counter.ts";
import { wordsCounter } from "../../prompts/tokens/words-counter.ts";
import { type CommandFamily, defineCommand } from "../command.ts";

type Given = Record<string, string | undefined>;

/** The options of a load that have a meaning here. */
const OPTIONS = {
  datasetFormat: LOAD_OPTIONS.datasetFormat,
  datasetColumn: LOAD_OPTIONS.datasetColumn,
  allowPartial: LOAD_OPTIONS.allowPartial,
  maxPromptTokens: LOAD_OPTIONS.maxPromptTokens,
  maxContext: LOAD_OPTIONS.maxContext,
  promptType: LOAD_OPTIONS.promptType,
  maxTurns: LOAD_OPTIONS.maxTurns,
} as const;

/** The same and what decides, by the server's API, which rows a run takes. */
const INSPECT_OPTIONS = { ...OPTIONS, endpoint: LOAD_OPTIONS.endpoint } as const;

function readOptions(given: Given, variables: Variables) {
  const { values } = resolveOptions(INSPECT_OPTIONS, {
    flags: {
      "dataset-format": given.datasetFormat,
      "dataset-column": given.datasetColumn,
      "allow-partial": given.allowPartial && "true",
      "max-prompt-tokens": given.maxPromptTokens,
      "max-context": given.maxContext,
      "prompt-type": given.promptType,
      "max-turns": given.maxTurns,
      endpoint: given.endpoint,
    },
    variables,
  });
  return values;
}

function addOptions(command: Command, options: Partial<typeof INSPECT_OPTIONS>): void {
  for (const spec of Object.values<DefinedOption>(options)) {
    const doc = spec.text;
    const value = { count: " <n>", switch: "" }[spec.kind as string] ?? " <name>";
    const fact = spec.choices?.join(", ") ?? (spec.default === undefined ? "" : `default ${spec.default}`);
    command.addOption(new Option(`--${spec.flag}${value}`, fact === "" ? doc : `${doc} [${fact}]`));
  }
}

async function prepare(input: string, given: Given, { variables, print }: Context): Promise<number> {
  const { describeCounts, prepareDataset } = await import("../../prompts/datasets/prepare.ts");
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
  return EXIT.ok;
}

async function openTokenizer(path: string): Promise<TokenCounter> {
  const { openFileCounter } = await import("../../prompts/tokens/file-counter.ts");
  return openFileCounter(path);
}

async function inspect(
  input: string | undefined,
  given: Given,
  { variables, print }: Context,
): Promise<number> {
  const { inspectDataset } = await import("../../prompts/datasets/inspect/inspect-dataset.ts");
  const { toInspectText } = await import("../../prompts/datasets/inspect/inspect-text.ts");
  const values = readOptions(given, variables);
  const form = toReadingForm({ ...values, history: "real" });
  const path = input === undefined ? inProject(OWN_PROMPTS.file) : toDatasetPath(input, variables);
  const counter = given.tokenizer === undefined ? wordsCounter : await openTokenizer(given.tokenizer);
  const report = await inspectDataset(path, { ...values, ...form }, counter);
  print(given.json ? JSON.stringify(report, null, 2) : toInspectText(report));
  return EXIT.ok;
}

async function fetchTo(name: string, given: Given, { variables, say, print }: Context): Promise<number> {
  const { describeFetched, fetchDataset } = await import("../../prompts/datasets/fetch/fetch-dataset.ts");
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
    return EXIT.ok;
  } finally {
    stop.dispose();
  }
}

const LIST = defineCommand<undefined>({
  name: "list",
  summary: "Lists the known datasets, and which of them are fetched",
  read: () => undefined,
  run: async (_, { print, variables }) => {
    const { listDatasets } = await import("../../prompts/datasets/list-datasets.ts");
    print(listDatasets(variables));
    return EXIT.ok;
  },
});

const FETCH = defineCommand<{ name: string; given: Given }>({
  name: "fetch",
  summary: "Fetches a dataset; resumes a broken download, and checks the hash",
  define: (command) => {
    command
      .argument(
        "<name>",
        `${KNOWN_NAMES.replaceAll("`", "")}; OWNER/REPO/path/in/repo on the Hugging Face hub; or a URL`,
      )
      .option("--revision <name>", "branch, tag or commit of the repository [default main]")
      .option("--output <file>", "file or folder to write to; default: the user's cache folder")
      .option("--sha256 <hex>", "expected SHA-256 of the file, where no hub gives it")
      .addHelpText(
        "after",
        "\nVariables without a flag: HF_TOKEN (for gated datasets), HF_ENDPOINT (another hub).",
      );
  },
  read: (command) => ({ name: command.processedArgs[0] as string, given: command.opts() }),
  run: ({ name, given }, context) => fetchTo(name, given, context),
});

const INSPECT = defineCommand<{ file: string | undefined; given: Given }>({
  name: "inspect",
  summary: "Shows the contents of a dataset: rows, lengths, repeated prompts, examples",
  define: (command) => {
    command
      .argument(
        "[file]",
        "a file in any format, or the name of a fetched dataset; default: the project's own prompts",
      )
      .option("--tokenizer <file>", "tokenizer.json that counts the tokens [default whitespace words]")
      .option("--json", "print JSON");
    addOptions(command, INSPECT_OPTIONS);
  },
  read: (command) => ({ file: command.processedArgs[0] as string | undefined, given: command.opts() }),
  run: ({ file, given }, context) => inspect(file, given, context),
});

const PREPARE = defineCommand<{ input: string; given: Given }>({
  name: "prepare",
  summary: "Filters a dataset once, into a compact file that k6 reads quickly",
  define: (command) => {
    command
      .argument("<input>", "JSON, JSON lines, CSV, TSV, Parquet or plain text, of any size")
      .option("--output <file>", "file to write; default: the input's name with .jsonl");
    addOptions(command, OPTIONS);
  },
  read: (command) => ({ input: command.processedArgs[0] as string, given: command.opts() }),
  run: ({ input, given }, context) => prepare(input, given, context),
});

export const DATASETS: CommandFamily = {
  name: "datasets",
  summary: "Lists, fetches, inspects and prepares prompt sets",
  members: [LIST, FETCH, INSPECT, PREPARE],
};
