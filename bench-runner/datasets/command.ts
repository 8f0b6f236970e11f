// The command `datasets prepare`.
import { resolve } from "node:path";
import { type Command, Option } from "commander";
import { LOAD_OPTION_DOCS } from "../../lib/core/option-docs.ts";
import { LOAD_OPTIONS, resolveOptions } from "../../lib/core/options.ts";
import { describeFailures } from "../../lib/core/row-filter.ts";
import { EXIT } from "../exit-codes.ts";
import { UserError } from "../user-error.ts";
import { prepareDataset } from "./prepare.ts";

/** The options of a load that have a meaning here. */
const FILTERS = {
  maxPromptTokens: LOAD_OPTIONS.maxPromptTokens,
  maxContext: LOAD_OPTIONS.maxContext,
} as const;

async function prepare(input: string, given: Record<string, string | undefined>): Promise<void> {
  const { values: limits } = resolveOptions(FILTERS, {
    flags: {
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
  const { read, written, failures } = await prepareDataset(input, output, limits);
  const left = describeFailures(failures, limits);
  process.stdout.write(
    `${output}: ${written} of ${read} rows pass the filter${left && `; of the others ${left}`}.\n` +
      `Use it by \`--dataset ${output}\` or \`SERVER_BENCH_DATASET=${output}\`.\n`,
  );
}

/** Adds `datasets prepare INPUT` to the command line. */
export function addDatasetsCommand(program: Command): void {
  const command = program
    .command("datasets")
    .description("prepares prompt sets")
    .command("prepare")
    .argument("<input>", "ShareGPT JSON or JSON lines, of any size")
    .description("filters a dataset once, into a compact file that k6 reads quickly")
    .allowExcessArguments(false)
    .option("--output <file>", "file to write; default: the input's name with .jsonl");
  for (const [key, { flag, default: value }] of Object.entries(FILTERS)) {
    const doc = LOAD_OPTION_DOCS[key as keyof typeof FILTERS];
    command.addOption(new Option(`--${flag} <n>`, `${doc} [default ${value}]`));
  }
  command.action(prepare);
}
