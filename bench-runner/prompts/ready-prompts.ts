// The prompts of a run, chosen, counted and ordered, as the rows that k6 sends.
import type { LoadOptions } from "../../lib/core/options/options.ts";
import { toPromptCount } from "../../lib/core/plans/prompt-count.ts";
import { hasAnswerLength, withOutputTokens } from "../../lib/core/prompts/output-lengths.ts";
import { type Row, turnsOf } from "../../lib/core/prompts/row.ts";
import { toSyntheticRows } from "../../lib/core/prompts/synthetic-rows.ts";
import { UserError } from "../platform/user-error.ts";
import type { PromptsUse } from "../run-folder/run-files.ts";
import { choosePrompts, describeTooLong, type TakenRows } from "./choose-prompts.ts";
import { LineFile } from "./line-file.ts";
import { largestWithoutRepeats, mixRows, toShares } from "./mix.ts";
import type { PromptSource } from "./prompt-sources.ts";
import { makeExact } from "./tokens/exact-lengths.ts";
import type { TokenCounter } from "./tokens/token-counter.ts";

export interface ReadyPrompts {
  rows: Row[];
  /** The facts for the run's files. */
  facts: PromptsUse;
  notices: string[];
}

interface Read {
  rows: Row[];
  notices: string[];
}

interface Choosing {
  counter: TokenCounter;
  /** By earlier loads, and by this one: the parts of a mix do not take turns. */
  taken: TakenRows;
  now: TakenRows;
}

function addPlaces(rows: TakenRows, path: string, places: Iterable<number>): void {
  const known = rows.get(path) ?? new Set();
  rows.set(path, known);
  for (const place of places) known.add(place);
}

/** The rows of one source, `count` at most. @param isAsked a user named the count @throws UserError if none is left */
async function readSource(
  { path, name, part }: PromptSource,
  count: number,
  load: LoadOptions,
  { counter, taken, now }: Choosing,
  isAsked = true,
): Promise<Read> {
  const file = new LineFile(path);
  const ofTask = part !== undefined && part.dataset === undefined;
  let withoutAnswer = 0;
  const takes = (row: Row) => {
    if (ofTask && row.task !== part.task) return false;
    if (load.outputTokens !== "dataset" || hasAnswerLength(row)) return true;
    withoutAnswer++;
    return false;
  };
  const known = taken.get(path);
  const { rows: chosen, places, tooLong } = await choosePrompts(file, count, load, counter, takes, known);
  addPlaces(now, path, places);
  const sized = withOutputTokens(chosen, load);
  const left = describeTooLong(tooLong, load);
  if (sized.length === 0) {
    const why =
      left === "" && withoutAnswer > 0
        ? "no row has an answer whose length could be asked for; give `--output-tokens` a number"
        : `no row${part === undefined ? "" : ` of the task \`${part.task}\``} passes the filter: ${left}; raise that limit, or count with \`--tokenizer words\``;
    throw new UserError(`Dataset ${name}: ${why}.`);
  }
  const rows = part === undefined ? sized : sized.map((row) => ({ ...row, task: part.task }));
  const missing =
    rows.length < count && part === undefined && isAsked
      ? [
          `Dataset ${name}: ${rows.length} prompts are available, ${count} were requested; all of them are used.`,
        ]
      : [];
  return {
    rows,
    notices: [
      ...missing,
      ...(left === "" ? [] : [`Dataset ${name}: of the rows left out ${left}.`]),
      ...(withoutAnswer === 0
        ? []
        : [
            `Dataset ${name}: rows left out, because they have no answer whose length could be requested: ${withoutAnswer}.`,
          ]),
    ],
  };
}

/** All parts of a mixed load in their shares. @param isOnce no prompt is sent twice */
async function readMix(
  sources: readonly PromptSource[],
  load: LoadOptions,
  choosing: Choosing,
  isOnce: boolean,
): Promise<Read> {
  const parts = sources.flatMap(({ part }) => part ?? []);
  const count = toPromptCount(load);
  const wanted = toShares(parts, count);
  const read: Read[] = [];
  for (const [index, source] of sources.entries()) {
    // A part so small that it rounds to 0 still gets a row, because it was requested.
    read.push(await readSource(source, Math.max(wanted[index] as number, 1), load, choosing));
  }
  const available = read.map(({ rows }) => rows.length);
  const total = isOnce ? largestWithoutRepeats(parts, available, count) : count;
  const shares = toShares(parts, total);
  const lists = read.map(({ rows }, index) =>
    Array.from({ length: shares[index] as number }, (_, at) => rows[at % rows.length] as Row),
  );
  const repeated = parts.flatMap(({ task }, index) =>
    (shares[index] as number) > (available[index] as number)
      ? [`Task ${task}: ${available[index]} prompts for ${shares[index]} requests; they are sent again.`]
      : [],
  );
  const counts = parts.map(({ task }, index) => `${shares[index]} ${task}`).join(", ");
  return {
    rows: mixRows(lists, load),
    notices: [`Mixed: ${counts}.`, ...read.flatMap(({ notices }) => notices), ...repeated],
  };
}

/** @param asked the prompts of a trace, if there is one */
async function synthesize(
  load: LoadOptions,
  counter: TokenCounter,
  asked = toSyntheticRows(load, toPromptCount(load)),
) {
  const { rows, checked, exact, worstOff } = await makeExact(asked, counter, load.seed);
  const said =
    counter.by === "words" || checked === 0
      ? "their lengths are in words that are one token in most tokenizers, and were not counted"
      : exact === checked
        ? `${checked} were counted by ${counter.name}: exact to the token`
        : `${checked} were counted by ${counter.name}: ${checked - exact} are off, by ${worstOff} tokens at most`;
  return {
    rows,
    notices: [`${rows.length} prompts are synthetic; ${said}.`],
    synthetic: { checked, exact, worstOff },
  };
}

/**
 * @param counter counts the tokens; in whitespace words without another counter
 * @param more `trace`: the prompts of a trace, instead of those that the options define; `isAsked`: whether a user named
 *   the number of prompts, and so is told where there are fewer; `isOnce`: each prompt is sent once; `taken`: rows that earlier loads on the server took, grows by
 *   those of this load
 * @throws UserError when no row is left
 */
export async function readyPrompts(
  sources: readonly PromptSource[],
  load: LoadOptions,
  counter: TokenCounter,
  {
    trace,
    isAsked = true,
    isOnce = false,
    taken = new Map(),
  }: { trace?: Row[] | undefined; isAsked?: boolean; isOnce?: boolean; taken?: TakenRows | undefined } = {},
): Promise<ReadyPrompts> {
  const choosing = { counter, taken, now: new Map() };
  const [only] = sources;
  const made = only === undefined ? await synthesize(load, counter, trace) : undefined;
  const { rows, notices } =
    made ??
    (load.mix === undefined
      ? await readSource(only as PromptSource, toPromptCount(load), load, choosing, isAsked)
      : await readMix(sources, load, choosing, isOnce || load.whenOut === "end"));
  for (const [path, places] of choosing.now) addPlaces(taken, path, places);
  const isConversation = load.maxTurns > 1;
  const longest = rows.reduce(
    (most, row) =>
      turnsOf(row).reduce((max, { outputTokens = row.maxTokens ?? 0 }) => Math.max(max, outputTokens), most),
    rows.every((row) => turnsOf(row).every(({ outputTokens }) => outputTokens !== undefined))
      ? 0
      : load.maxTokens,
  );
  const alone = isConversation && rows.every(({ turns }) => turns === undefined);
  return {
    rows,
    notices: alone
      ? [...notices, "No row has more than one turn: these are requests, not conversations."]
      : notices,
    facts: {
      source: trace ? "trace" : made ? "synthetic" : [...new Set(sources.map(({ name }) => name))].join(", "),
      rows: rows.length,
      countedBy: counter.by,
      counter: counter.name,
      whenOut: load.whenOut,
      longestAnswer: longest,
      ...(isConversation && { conversations: true }),
      ...(made && made.synthetic.checked > 0 && { synthetic: made.synthetic }),
    },
  };
}

/** The number of requests of these iterations, from the first row on: each turn of a conversation is one. */
export function countRequests(rows: readonly Row[], iterations: number): number {
  const ofAll = rows.reduce((sum, row) => sum + turnsOf(row).length, 0);
  const passes = Math.floor(iterations / rows.length);
  const rest = rows.slice(0, iterations % rows.length);
  return passes * ofAll + rest.reduce((sum, row) => sum + turnsOf(row).length, 0);
}
