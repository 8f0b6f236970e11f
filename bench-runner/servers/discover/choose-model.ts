// Which of a server's models is measured: the one that is named, the only one, or one that a person chooses. Pure.
import type { ListedModels } from "./models.ts";

export type ModelChoice =
  | { kind: "take"; name: string; why: string }
  /** Several, and nobody has named one. */
  | { kind: "ask"; names: string[] }
  /** The server lists none. */
  | { kind: "none" }
  /** Somebody has named one. */
  | { kind: "given"; name: string; isListed: boolean };

/**
 * @param wanted.given the name that somebody gave
 * @param wanted.fallback the name that stands where nobody says: a server that has it needs no choice
 */
export function chooseModel(
  { names, source }: ListedModels,
  wanted: { given?: string | undefined; fallback: string },
): ModelChoice {
  const { given, fallback } = wanted;
  if (given !== undefined) {
    return { kind: "given", name: given, isListed: names.length === 0 || names.includes(given) };
  }
  const [only, ...others] = names;
  if (only === undefined) return { kind: "none" };
  if (others.length === 0) return { kind: "take", name: only, why: `the only one in ${source}` };
  if (names.includes(fallback)) return { kind: "take", name: fallback, why: `the default, in ${source}` };
  return { kind: "ask", names };
}

const MOST_SHOWN = 40;

/** A numbered list, one model a line. */
export function toModelList(names: readonly string[]): string {
  const shown = names
    .slice(0, MOST_SHOWN)
    .map((name, index) => `  ${String(index + 1).padStart(2)}  ${name}`);
  const rest = names.length - shown.length;
  return [...shown, ...(rest > 0 ? [`      and ${rest} more: name one of them with \`--model\``] : [])].join(
    "\n",
  );
}

/** What a person answered: a number of the list, a name in it, or nothing for the first. @returns undefined for anything else */
export function readChoice(answer: string, names: readonly string[]): string | undefined {
  const text = answer.trim();
  if (text === "") return names[0];
  return names.find((name) => name === text) ?? (/^\d+$/.test(text) ? names[Number(text) - 1] : undefined);
}
