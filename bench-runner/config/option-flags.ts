// Option tables → commander's flags, and commander's values → texts by flag name. Pure.
import { Option } from "commander";
import type { DefinedOption, OptionKind, OptionSpec, OptionValue } from "../../lib/core/options/option.ts";
import { OPTION_GROUPS } from "../../lib/core/options/option-groups.ts";
import { LOAD_OPTIONS } from "../../lib/core/options/options.ts";
import { SHAPE_OPTIONS } from "../../lib/core/options/shape-options.ts";
import { EXIT } from "../platform/exit-codes.ts";
import { UserError } from "../platform/user-error.ts";
import { collect } from "./repeatable.ts";
import { RUNNER_OPTIONS } from "./runner-options.ts";

/** All options of a run: those of the load, of its shape, and of the runner. */
export const ALL_OPTIONS: Record<string, DefinedOption> = {
  ...LOAD_OPTIONS,
  ...SHAPE_OPTIONS,
  ...RUNNER_OPTIONS,
};

/** In a group, what is measured comes first. */
const KEYS = [RUNNER_OPTIONS, SHAPE_OPTIONS, LOAD_OPTIONS].flatMap((table) => Object.keys(table));

/** The options under their headings, in order: [heading, keys]. */
export const GROUPED_OPTIONS: readonly (readonly [heading: string, keys: readonly string[]])[] =
  Object.entries(OPTION_GROUPS).map(([name, { heading }]) => [
    heading,
    KEYS.filter((key) => ALL_OPTIONS[key]?.group === name),
  ]);

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

/** Choices that are longer together would push every description to the right: the description has them. */
const LONGEST_CHOICES = 32;

/** The value that a flag takes, as help shows it: "<time>", "<random|sequential>", "" for a switch. */
export function toPlaceholder(spec: OptionSpec): string {
  if (spec.kind === "switch") return "";
  if (spec.kind !== "choice") return `<${PLACEHOLDERS[spec.kind]}>`;
  const choices = spec.choices?.join("|") ?? "";
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

/** The flag with its value: "--max-tokens <n>". */
export function toFlagText(spec: DefinedOption): string {
  const value = spec.placeholder ?? (spec.isList ? "<name,…>" : toPlaceholder(spec));
  return `--${spec.flag} ${value}`.trim();
}

function describe(spec: DefinedOption): string {
  const facts = [
    ...(spec.choices && / <name/.test(toFlagText(spec)) ? [spec.choices.join(", ")] : []),
    ...(spec.default === undefined ? [] : [`default ${toDefaultText(spec)}`]),
    ...(spec.variable === undefined ? [] : [spec.variable]),
  ];
  return `${spec.text}${facts.length > 0 ? ` [${facts.join("; ")}]` : ""}`;
}

/** commander's options, under the headings of their groups; those without a flag are left out. */
export function toCommanderOptions(): Option[] {
  return GROUPED_OPTIONS.flatMap(([heading, keys]) =>
    keys.flatMap((key) => {
      const spec = ALL_OPTIONS[key];
      if (spec?.flag === undefined) return [];
      const option = new Option(toFlagText(spec), describe(spec)).helpGroup(`${heading}:`);
      if (spec.kind === "words") option.argParser(collect);
      if (spec.isList) {
        option.argParser((name: string, before?: string) =>
          before === undefined ? name : `${before},${name}`,
        );
      }
      return [option];
    }),
  );
}

/** The variables without a flag, for the end of `--help all`: [name, description]. */
export function toVariableDocs(): [string, string][] {
  return Object.values(ALL_OPTIONS).flatMap(({ flag, variable, text }): [string, string][] =>
    flag === undefined && variable !== undefined ? [[variable, text]] : [],
  );
}

/** @throws UserError where a flag has swallowed the next one as its value */
function checkSwallowed({ flag, mayStartWithDash }: DefinedOption, text: string): void {
  if (!text.startsWith("--") || mayStartWithDash) return;
  throw new UserError(`\`--${flag}\` needs a value, got the flag \`${text}\`.`, EXIT.usage);
}

/** commander's values (by attribute name) → the texts that `resolveOptions` takes (by flag name). @throws UserError */
export function toFlagTexts(values: Readonly<Record<string, unknown>>): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const spec of Object.values(ALL_OPTIONS)) {
    if (spec.flag === undefined) continue;
    const value = values[new Option(`--${spec.flag}`).attributeName()];
    if (typeof value === "string") {
      checkSwallowed(spec, value);
      texts[spec.flag] = value;
    } else if (value === true) texts[spec.flag] = spec.bare ?? "true";
    else if (Array.isArray(value)) texts[spec.flag] = JSON.stringify(value);
  }
  return texts;
}

/** llama.cpp's `-ngl N` and `-ngl=N`, which commander cannot parse, written out. */
export function writeOutShortFlags(args: readonly string[]): string[] {
  return args.map((arg) => arg.replace(/^-ngl(?==|$)/, "--n-gpu-layers"));
}
