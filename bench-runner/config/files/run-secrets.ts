// Keys and headers of a run of the files: by variable, so that no command line and no file of the run has them. Pure.
import { ALL_OPTIONS } from "../option-flags.ts";
import type { PlacedTexts, TargetEntry } from "./config-set.ts";
import { hasReference, withVariables } from "./option-text.ts";
import { errorAt } from "./yaml-file.ts";

type Texts = Readonly<Record<string, string | undefined>>;

const KEYS = ["apiKey", "apiKeyFile"] as const;
const variableOf = (key: string) => ALL_OPTIONS[key]?.variable as string;
const flagOf = (key: string) => ALL_OPTIONS[key]?.flag as string;

/**
 * Takes them out of the options.
 * @param placed loses them
 * @param target whose own key wins over one that is set for all: a key is for one server
 * @param given the variables as they were
 * @returns the variables with them
 * @throws UserError for a variable that is not set
 */
export function takeSecrets(
  placed: PlacedTexts,
  target: TargetEntry | undefined,
  flags: Texts,
  given: Texts,
): Record<string, string | undefined> {
  const variables = { ...given };
  // Headers name variables themselves, so that what they bring is known as a secret.
  const { headers } = placed;
  const header = variableOf("headers");
  if (headers !== undefined && flags[flagOf("headers")] === undefined) variables[header] ||= headers.text;

  const own = target && findKey(target.options, given);
  const byName = target?.apiKeyEnv && readKey(target.apiKeyEnv, given);
  const isGiven = KEYS.some((key) => Boolean(given[variableOf(key)]));
  const key = byName ?? own ?? (isGiven ? undefined : findKey(placed, given));
  if (key !== undefined && flags[flagOf("apiKeyFile")] === undefined) {
    for (const one of KEYS) delete variables[variableOf(one)];
    variables[key.variable] = key.text;
  }
  for (const one of [...KEYS, "headers"]) delete placed[one];
  return variables;
}

interface FoundKey {
  variable: string;
  text: string;
}

function findKey(options: PlacedTexts, variables: Texts): FoundKey | undefined {
  for (const key of KEYS) {
    const placed = options[key];
    if (placed !== undefined) return { variable: variableOf(key), text: withVariables(placed, variables) };
  }
  return undefined;
}

function readKey({ text, key, place }: NonNullable<TargetEntry["apiKeyEnv"]>, variables: Texts): FoundKey {
  const value = variables[text];
  if (value) return { variable: variableOf("apiKey"), text: value };
  throw errorAt(place, `\`${key}\` names the variable \`${text}\`, which is not set. Set it to the key.`);
}

/** Placeholders that people write for a server without a key. */
const NO_KEY = /^(empty|none|null|dummy|test|token|no-?key|not-?needed|x+|-)?$/i;

const isLocal = (url: string | undefined) =>
  /^https?:\/\/(localhost|127\.[\d.]+|\[::1\])([:/]|$)/i.test(url ?? "");

/** One sentence; undefined without a key, with a variable instead, and for a server on this machine. */
export function describePlainKey({ options }: TargetEntry): string | undefined {
  const { apiKey, url } = options;
  if (apiKey === undefined || hasReference(apiKey.text) || NO_KEY.test(apiKey.text) || isLocal(url?.text)) {
    return undefined;
  }
  const { file, line } = apiKey.place;
  return `${file}:${line}: this file contains a key in plain text. Put it into a variable, and write \`api_key_env: NAME\`.`;
}
