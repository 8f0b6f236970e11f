// The errors of a user, as k6 prints them best.
import { OptionError } from "../../core/option-error.ts";
import { DatasetError } from "../../core/prompts/dataset-error.ts";

/**
 * The same function, but an OptionError or a DatasetError becomes a thrown text: k6 prints that as one line, without a
 * stack, and exits with 107.
 */
export function throwingTexts<A extends unknown[], R>(work: (...args: A) => R): (...args: A) => R {
  return (...args) => {
    try {
      return work(...args);
    } catch (error) {
      throw error instanceof OptionError || error instanceof DatasetError ? error.message : error;
    }
  };
}
