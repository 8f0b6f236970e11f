// The command `datasets prepare`.
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { LOAD_OPTION_DOCS } from "../../lib/core/option-docs.ts";
import { LOAD_OPTIONS, type OptionSpec, resolveOptions } from "../../lib/core/options.ts";
import { EXIT } from "../exit-codes.ts";
import { UserError } from "../user-error.ts";
import { describeCounts, prepareDataset } from "./prepare.ts";

/** The options of a load that have a meaning here. */
const OPTIONS = {
  datasetFormat: LOAD_OPTIONS.datasetFormat,
  datasetColumn: LOAD_OPTIONS.datasetColumn,
  allowPartial: LOAD_OPTIONS.allowPartial,
  maxPromptTokens: LOAD_OPTIONS.maxPromptTokens,
  maxContext: LOAD_OPTIONS.maxContext,
} as const;

async function prepare(input: string, given: Record<string, string | undefined>): Promise<void> {
  const { values } = resolveOptions(OPTIONS, {
    flags: {
      "dataset-format": given.datasetFormat,
      "dataset-column": given.datasetColumn,
      "allow-partial": given.allowPartial && "true",
      "max-prompt-tokens": given.maxPromptTokens,
      "max-context": given.maxContext,
    },
    variables: process.env,
  });
  const output = given.output ?? `${input.replace(/\.[^./\\]*$/, "")}.jsonl`;
  if (resolve(output) === resolve(input)) {
    throw new UserError(
      `The output would replace the input ${input}. Name another file by \`--output\`.`,
      EXIT.usage,
    );
  }
  const counts = await prepareDataset(input, output, values);
  process.stdout.write(
    `${output}: read as \`${counts.format}\`, ${describeCounts(counts, values)}.\n` +
      `Use it by \`--dataset ${output}\` or \`SERVER_BENCH_DATASET=${output}\`.\n`,
  );
}

/** Adds `datasets prepare INPUT` to the command line. */
export function addDatasetsCommand(program: Command): void {
  const command = program
    .command("datasets")
    .description("prepares prompt sets")
    .command("prepare")
    .argument("<input>", "JSON, JSON lines, CSV, Parquet or plain text, of any size")
    .description("filters a dataset once, into a compact file that k6 reads quickly")
    .allowExcessArguments(false)
    .option("--output <file>", "file to write; default: the input's name with .jsonl");
  for (const [key, spec] of Object.entries<OptionSpec>(OPTIONS)) {
    const doc = LOAD_OPTION_DOCS[key as keyof typeof OPTIONS];
    const value = { count: " <n>", switch: "" }[spec.kind as string] ?? " <name>";
    const fact = spec.choices?.join(", ") ?? (spec.default === undefined ? "" : `default ${spec.default}`);
    command.addOption(new Option(`--${spec.flag}${value}`, fact === "" ? doc : `${doc} [${fact}]`));
  }
  command.action(prepare);
}
