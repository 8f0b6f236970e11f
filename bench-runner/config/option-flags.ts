// Option tables → commander's flags, and commander's values → texts by flag name. Pure.
import { Option } from "commander";
import { LOAD_OPTION_DOCS } from "../../lib/core/options/option-docs.ts";
import {
  LOAD_OPTIONS,
  type OptionKind,
  type OptionSpec,
  type OptionValue,
} from "../../lib/core/options/options.ts";
import { SHAPE_OPTION_DOCS } from "../../lib/core/options/shape-option-docs.ts";
import { SHAPE_OPTIONS } from "../../lib/core/options/shape-options.ts";
import { EXIT } from "../platform/exit-codes.ts";
import { UserError } from "../platform/user-error.ts";
import { collect } from "./repeatable.ts";
import { OPTION_GROUPS, RUNNER_OPTION_DOCS, RUNNER_OPTIONS } from "./runner-options.ts";

/** All options of a run: those of the load, of its shape, and of the runner. */
export const ALL_OPTIONS: Record<string, OptionSpec> = {
  ...LOAD_OPTIONS,
  ...SHAPE_OPTIONS,
  ...RUNNER_OPTIONS,
};
export const ALL_OPTION_DOCS: Record<string, string> = {
  ...LOAD_OPTION_DOCS,
  ...SHAPE_OPTION_DOCS,
  ...RUNNER_OPTION_DOCS,
};

const PLACEHOLDERS: Record<OptionKind, string> = {
  count: "n",
  whole: "n",
  number: "x",
  positive: "x",
  share: "0..1",
  seconds: "time",
  text: "text",
  path: "path",
  url: "url",
  words: "word",
  switch: "",
  stages: "time:n,…",
  distribution: "n|name:…",
  json: "json",
  choice: "",
};

/** Choices that are longer together would push every description to the right: they are told there. */
const LONGEST_CHOICES = 32;

function choicesOf({ choices = [] }: OptionSpec): string {
  return choices.join("|");
}

/** The value that a flag takes, as help shows it: "<time>", "<random|sequential>", "" for a switch. */
export function toPlaceholder(spec: OptionSpec): string {
  if (spec.kind === "switch") return "";
  if (spec.kind !== "choice") return `<${PLACEHOLDERS[spec.kind]}>`;
  const choices = choicesOf(spec);
  return choices.length > LONGEST_CHOICES ? "<name>" : `<${choices}>`;
}

/** A value as the user would write it; a list of words as JSON. Times are seconds. */
export function toOptionText(value: OptionValue): string {
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** A default as help shows it, with its unit. */
export function toDefaultText(spec: OptionSpec): string | undefined {
  if (spec.default === undefined) return undefined;
  return spec.kind === "seconds" ? `${spec.default} s` : toOptionText(spec.default);
}

/** Options of which several make a matrix: `--model a --model b` is `--model a,b`. */
const SEVERAL = ["target", "model", "workload"];

function describe(key: string, spec: OptionSpec): string {
  const facts = [
    // Where the placeholder does not have them.
    ...(spec.choices && (SEVERAL.includes(key) || toPlaceholder(spec) === "<name>")
      ? [spec.choices.join(", ")]
      : []),
    ...(spec.default === undefined ? [] : [`default ${toDefaultText(spec)}`]),
    ...(spec.variable === undefined ? [] : [spec.variable]),
  ];
  return `${ALL_OPTION_DOCS[key]}${facts.length > 0 ? ` [${facts.join("; ")}]` : ""}`;
}

function toFlags(key: string, spec: OptionSpec): string {
  if (key === "httpDebug") return "--http-debug [full]";
  if (key === "ab") return "--ab <url...>";
  if (SEVERAL.includes(key)) return `--${spec.flag} <name,…>`;
  return `--${spec.flag} ${toPlaceholder(spec)}`.trim();
}

/** commander's options, in the order and under the headings of OPTION_GROUPS; those without a flag are left out. */
export function toCommanderOptions(): Option[] {
  const options: Option[] = [];
  for (const { heading, options: keys } of OPTION_GROUPS) {
    for (const key of keys) {
      const spec = ALL_OPTIONS[key];
      if (spec?.flag === undefined) continue;
      const option = new Option(toFlags(key, spec), describe(key, spec)).helpGroup(`${heading}:`);
      if (spec.kind === "words") option.argParser(collect);
      if (SEVERAL.includes(key)) {
        option.argParser((name: string, before?: string) =>
          before === undefined ? name : `${before},${name}`,
        );
      }
      options.push(option);
    }
  }
  return options;
}

/** The variables without a flag, for the end of `--help`: [name, description]. */
export function toVariableDocs(): [string, string][] {
  return Object.entries(ALL_OPTIONS).flatMap(([key, spec]) =>
    spec.flag === undefined && spec.variable !== undefined
      ? [[spec.variable, ALL_OPTION_DOCS[key] ?? ""] as [string, string]]
      : [],
  );
}

/** Texts that may well begin with a dash. */
const DASHES_ALLOWED = ["llamaServerArgs", "systemPrompt", "stop"];

/** @throws UserError where a flag has swallowed the next one as its value */
function checkSwallowed(key: string, flag: string, text: string): void {
  if (!text.startsWith("--") || DASHES_ALLOWED.includes(key)) return;
  throw new UserError(`\`--${flag}\` needs a value, got the flag \`${text}\`.`, EXIT.usage);
}

/** commander's values (by attribute name) → the texts that `resolveOptions` takes (by flag name). @throws UserError */
export function toFlagTexts(values: Readonly<Record<string, unknown>>): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const [key, spec] of Object.entries(ALL_OPTIONS)) {
    if (spec.flag === undefined) continue;
    const value = values[new Option(`--${spec.flag}`).attributeName()];
    if (typeof value === "string") {
      checkSwallowed(key, spec.flag, value);
      texts[spec.flag] = value;
    } else if (value === true) texts[spec.flag] = key === "httpDebug" ? "brief" : "true";
    else if (Array.isArray(value)) texts[spec.flag] = JSON.stringify(value);
  }
  return texts;
}

/** llama.cpp's `-ngl N` and `-ngl=N` are no flags that commander knows: written out. */
export function writeOutShortFlags(args: readonly string[]): string[] {
  return args.map((arg) => arg.replace(/^-ngl(?==|$)/, "--n-gpu-layers"));
}
