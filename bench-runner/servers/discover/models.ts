// The models that a server lists, and which of them is measured: the one that is named, the only one, or one that a person
// chooses. Pure.
import { toPlainLine } from "../../platform/plain-text.ts";
import { serverWords } from "../../platform/server-words.ts";
import { type Answers, jsonOf, objectOf, objectsIn, textOf } from "./answers.ts";

export interface ListedModels {
  /** In the server's order, each once; empty where it lists none. */
  names: string[];
  /** Where they are listed, such as "`/v1/models`". */
  source: string;
  /** Why it is unknown which there are, a clause; absent where the server has a list, even an empty one. */
  unknown?: string;
  /** The request for the list failed, so those of a load may fail, too. */
  isFailing?: true;
}

function namesIn(list: unknown, key: string): string[] {
  return [...new Set(objectsIn(list).flatMap((model) => textOf(model[key]) ?? []))];
}

/** The list of `/v1/models`; Together's answer is the list itself. */
function listOf(answers: Answers): unknown {
  const value = jsonOf(answers["/v1/models"]);
  return Array.isArray(value) ? value : objectOf(answers["/v1/models"]).data;
}

/** Statuses by which servers say that they have no such path. */
const ABSENT: ReadonlySet<number> = new Set([404, 405, 501]);

/** Why there is no list of models. */
function toUnknown(answers: Answers): Pick<ListedModels, "unknown" | "isFailing"> {
  const answer = answers["/v1/models"];
  if (answer === undefined || Array.isArray(listOf(answers))) return {};
  if ("problem" in answer)
    return { unknown: `\`/v1/models\` was not answered (${answer.problem})`, isFailing: true };
  const { status, text } = answer;
  if (ABSENT.has(status)) return { unknown: "the server has no `/v1/models`" };
  if (status === 200) return { unknown: "`/v1/models` has no list" };
  const words = serverWords(text);
  return {
    unknown: `\`/v1/models\` answered ${status}${words === undefined ? "" : `: ${words.replace(/\.$/, "")}`}`,
    isFailing: true,
  };
}

/** Models that generate no text, where a server says so: LM Studio lists those for embeddings as well. */
function notForText(answers: Answers): string[] {
  const models = objectsIn(objectOf(answers["/api/v0/models"]).data);
  return models.filter(({ type }) => type === "embeddings").flatMap(({ id }) => textOf(id) ?? []);
}

export function listModels(answers: Answers): ListedModels {
  const skipped = new Set(notForText(answers));
  const sources: [string, string[]][] = [
    ["`/v1/models`", namesIn(listOf(answers), "id")],
    ["`/api/tags`", namesIn(objectOf(answers["/api/tags"]).models, "name")],
    ["`/info`", [textOf(objectOf(answers["/info"]).model_id) ?? []].flat()],
    ["`/get_model_info`", [textOf(objectOf(answers["/get_model_info"]).model_path) ?? []].flat()],
  ];
  for (const [source, listed] of sources) {
    const names = listed.filter((name) => !skipped.has(name));
    if (names.length > 0) return { names, source };
  }
  return { names: [], source: "`/v1/models`", ...toUnknown(answers) };
}

export type ModelChoice =
  | { kind: "take"; name: string; why: string }
  /** Several, and the user has named none. */
  | { kind: "ask"; names: string[] }
  /** The server lists none, or it is unknown which. */
  | { kind: "none" }
  /** The user has named one. */
  | { kind: "given"; name: string; isListed: boolean };

/**
 * @param wanted.given the name that the user gave
 * @param wanted.fallback the default: a server that has it needs no choice
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
    .map((name, index) => `  ${String(index + 1).padStart(2)}  ${toPlainLine(name)}`);
  const rest = names.length - shown.length;
  return [...shown, ...(rest > 0 ? [`      and ${rest} more: name one of them with \`--model\``] : [])].join(
    "\n",
  );
}

/** The answer of a person: a number of the list, a name in it, or nothing for the first. @returns undefined for anything else */
export function readChoice(answer: string, names: readonly string[]): string | undefined {
  const text = answer.trim();
  if (text === "") return names[0];
  return names.find((name) => name === text) ?? (/^\d+$/.test(text) ? names[Number(text) - 1] : undefined);
}
