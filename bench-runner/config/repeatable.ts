// A flag that may be given several times.
import { Option } from "commander";

/** For commander's `argParser`: the words in the order in which they were given. */
export function collect(word: string, before: readonly string[] = []): string[] {
  return [...before, word];
}

export function repeatable(flags: string, description: string): Option {
  return new Option(flags, description).argParser(collect);
}
