// The rows about the prompts sent: conversations, their source, who counted them, how many were cached.
import { AB_SIDES } from "../../../lib/core/plans/ab.ts";
import { formatNumber, formatValue } from "../../../lib/core/units.ts";
import type { CacheReset } from "../../run-folder/run-files.ts";
import type { Conversations, Prompts, Summary, TokenSums } from "../../summary/summary.ts";

/** Label and value; undefined if unknown. */
export function toPromptRows(summary: Summary): [string, string | undefined][] {
  const { conversations, prompts, tokens, configuration } = summary;
  return [
    ["Conversations", conversations && describeConversations(conversations)],
    ["Prompts", prompts && describePrompts(prompts)],
    ["Synthetic prompts", prompts?.synthetic && describeMade(prompts.synthetic)],
    ["Prompt tokens", formatValue(tokens.prompt, "count")],
    ["From the server's cache", describeCached(tokens)],
    ["Prompt cache before the load", configuration.promptCache && describeResets(configuration.promptCache)],
    ["Completion tokens", describeCompletion(tokens)],
  ];
}

const STATES: Readonly<Record<CacheReset["state"], string>> = {
  emptied: "emptied",
  partly: "emptied in part",
  kept: "kept as it was",
  new: "empty",
};

/** "emptied: its 4 slots were erased"; for two servers "a …; b …". */
function describeResets(resets: readonly CacheReset[]): string {
  const texts = resets.map(({ state, said }) => `${STATES[state]}: ${said}`);
  return texts.length === 1
    ? texts.join()
    : texts.map((text, index) => `${AB_SIDES[index]} ${text}`).join("; ");
}

const count = (value: number) => formatNumber(value, "count");

/** "100 started: 90 completed, 6 failed (14 turns never sent), 4 interrupted; 3.8 turns each". */
function describeConversations(conversations: Conversations): string {
  const { started, completed, failed, interrupted, aborted, turnsUnsent, meanTurns } = conversations;
  const ends = [
    `${count(completed)} completed`,
    ...(failed > 0 ? [`${count(failed)} failed (${count(turnsUnsent)} turns never sent)`] : []),
    ...(interrupted > 0 ? [`${count(interrupted)} interrupted by the end of the run`] : []),
    ...(aborted ? [`${count(aborted)} aborted on purpose`] : []),
  ];
  return `${count(started)} started: ${ends.join(", ")}; ${formatValue(meanTurns, "ratio")} turns each on average`;
}

/** "480 from prompts.jsonl, tokens counted by the server". */
function describePrompts({ rows, source, countedBy, counter, conversations, repeated }: Prompts): string {
  const what =
    source === "synthetic"
      ? "synthetic"
      : source === "trace"
        ? "synthetic, with the lengths of the trace"
        : `${conversations ? "conversations from" : "from"} ${source}`;
  const how = countedBy === "words" ? "counted in whitespace words" : `tokens counted by ${counter}`;
  return `${count(rows)} ${what}, ${how}${repeated ? "; REPEATED: more were sent than exist" : ""}`;
}

function describeMade({ checked, exact, worstOff }: NonNullable<Prompts["synthetic"]>): string {
  const off =
    exact < checked ? `, the others are at most ${formatValue(Math.abs(worstOff), "tokens")} off` : "";
  return `${count(exact)} of ${count(checked)} that were recounted have exactly the requested length${off}`;
}

function describeCached({ prompt, cached }: TokenSums): string | undefined {
  if (!prompt || cached === undefined) return undefined;
  return `${formatValue(cached / prompt, "share")} of the prompt tokens (${count(cached)} of ${count(prompt)})`;
}

function describeCompletion({ completion, estimatedRequests }: TokenSums): string | undefined {
  if (completion === undefined) return undefined;
  return `${count(completion)}${estimatedRequests ? `, estimated for ${estimatedRequests} requests` : ""}`;
}
