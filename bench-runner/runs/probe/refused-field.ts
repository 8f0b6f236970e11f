// Which field of a request a server refuses by its name, and the flag that changes that. Pure.
import { apiOf, type Endpoint } from "../../../lib/core/apis/apis.ts";
import type { LoadOptions } from "../../../lib/core/options/options.ts";

/** What a refused field is changed by: one option of a run. */
export interface Remedy {
  option: "omit" | "renameField" | "maxTokensField";
  /** The option's value. */
  value: string;
  /** As people write it: "--omit seed". */
  flag: string;
}

/** Statuses by which servers refuse what a body says. */
const REFUSALS: ReadonlySet<number> = new Set([400, 422]);

/** Words by which they say that a field as such is the reason. */
const SAYS_FIELD =
  /unsupported|not supported|un(?:recognized|recognised|known|expected|allowed)|not (?:permitted|allowed|recognized|recognised)|extra (?:inputs?|fields?)|extra_forbidden|additional propert|(?:does not|doesn't|do not) support|no such (?:field|parameter)|unknown field/i;

/** Fields that are ordinary words too: a text has them for many reasons, so only a quoted one counts. */
const ORDINARY: ReadonlySet<string> = new Set(["model", "stop", "tools", "stream", "seed", "format", "text"]);

/** Without them nothing is asked: refusing them has another reason. */
const NEEDED: ReadonlySet<string> = new Set(["messages", "prompt", "input", "inputs", "model"]);

/** The paths of all fields, the deepest last; lists are values. */
function pathsOf(body: object, depth = 0): string[][] {
  return Object.entries(body).flatMap(([key, value]) => {
    const isInner = depth < 1 && typeof value === "object" && value !== null && !Array.isArray(value);
    return [[key], ...(isInner ? pathsOf(value, depth + 1).map((path) => [key, ...path]) : [])];
  });
}

const toPattern = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

/** Where the text names the field: after a word of refusal, or in quotes; -1 where it does not. */
function findName(text: string, name: string): number {
  const quoted = new RegExp(`["'\`‘“]${toPattern(name)}["'\`’”]`).exec(text);
  if (quoted !== null) return quoted.index;
  if (ORDINARY.has(name)) {
    return (
      new RegExp(`(?:field|parameter|argument|property|supplied)s?:? +${toPattern(name)}\\b`, "i").exec(text)
        ?.index ?? -1
    );
  }
  return new RegExp(`(?<![\\w.-])${toPattern(name)}(?![\\w-])`).exec(text)?.index ?? -1;
}

/** The name that the server wants instead, where it says one. */
function findOther(text: string, name: string): string | undefined {
  const [, other] = /\b(?:use|try|renamed to|replaced by)\s+["'`‘“]?([A-Za-z]\w*)["'`’”]?/i.exec(text) ?? [];
  const isField = other !== undefined && other !== name && /_|[a-z][A-Z]/.test(other);
  return isField ? other : undefined;
}

/** Its `stream` cannot be left out: the answer would be a whole one. */
function isStream(request: object): boolean {
  return (request as { stream?: unknown }).stream === true;
}

/**
 * @param status of the answer
 * @param text its body
 * @param request the body that was refused
 * @returns undefined where the server refuses something else, or does not say what
 */
export function findRemedy(
  { status, text }: { status: number | undefined; text: string | undefined },
  request: unknown,
  endpoint: Endpoint,
): Remedy | undefined {
  if (status === undefined || text === undefined || !REFUSALS.has(status)) return undefined;
  if (!SAYS_FIELD.test(text) || typeof request !== "object" || request === null) return undefined;
  // A body as JSON has its quotes escaped.
  const plain = text.replaceAll('\\"', '"');
  const named = pathsOf(request)
    .filter(([first = ""]) => !NEEDED.has(first) && !(first === "stream" && isStream(request)))
    .map((path) => ({ path, at: findName(plain, path.at(-1) as string) }))
    .filter(({ at }) => at >= 0)
    .sort((a, b) => a.at - b.at || a.path.length - b.path.length);
  const [first] = named;
  if (first === undefined) return undefined;
  const field = first.path.join(".");
  const name = first.path.at(-1) as string;
  const other = findOther(plain, name);
  const isLength = apiOf(endpoint).lengthField === field;
  if (other !== undefined && isLength) {
    return { option: "maxTokensField", value: other, flag: `--max-tokens-field ${other}` };
  }
  if (other !== undefined) {
    const value = `${field}=${other}`;
    return { option: "renameField", value, flag: `--rename-field ${value}` };
  }
  return { option: "omit", value: field, flag: `--omit ${field}` };
}

/** Several remedies as flags, those that leave fields out in one: "--omit seed,top_k --max-tokens-field n". */
export function toRemedyFlags(remedies: readonly Remedy[]): string {
  const left = remedies.filter(({ option }) => option === "omit").map(({ value }) => value);
  const others = remedies.filter(({ option }) => option !== "omit").map(({ flag }) => flag);
  return [...(left.length > 0 ? [`--omit ${left.join(",")}`] : []), ...others].join(" ");
}

/** The options of a run with the remedies among them. */
export function withRemedies(options: LoadOptions, remedies: readonly Remedy[]): LoadOptions {
  const valuesOf = (wanted: Remedy["option"]) =>
    remedies.filter(({ option }) => option === wanted).map(({ value }) => value);
  const [maxTokensField = options.maxTokensField] = valuesOf("maxTokensField");
  return {
    ...options,
    omit: [...(options.omit ?? []), ...valuesOf("omit")],
    renameField: [...(options.renameField ?? []), ...valuesOf("renameField")],
    ...(maxTokensField !== undefined && { maxTokensField }),
  };
}
