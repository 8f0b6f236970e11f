// Whether what was typed is a value of an option. Pure.

import { OptionError } from "../../../lib/core/option-error.ts";
import { type OptionSpec, parseOption } from "../../../lib/core/options/option.ts";

/** @returns what is wrong with a text, in the option's own words; undefined where it fits */
export function checkOption(spec: OptionSpec, text: string): string | undefined {
  try {
    parseOption(spec, text, `\`--${spec.flag}\``);
    return undefined;
  } catch (error) {
    if (error instanceof OptionError) return error.message;
    throw error;
  }
}
