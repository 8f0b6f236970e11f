// Groups and conversations, recomputed from the lines of a journal for verify-summary.ts: shares no code with the summary.
import type { RequestLine } from "../../../lib/core/request/facts.ts";
import { REQUEST_TRENDS } from "../../../lib/core/request/trends.ts";
import { cachedOf, completionOf, judge } from "./verify-formulas.ts";

type Numbers = Record<string, number>;
type PutTrends = (found: Numbers, path: string, complete: RequestLine[]) => void;

/** The metrics of groups are declared, not derived. */
const METRICS = ["itl", ...REQUEST_TRENDS.filter(({ about }) => about.perGroup).map(({ key }) => key)];

/** The groups' numbers by label and name: "groups.turn.2.metrics.ttft.p90". */
export function putGroups(found: Numbers, measured: RequestLine[], putTrends: PutTrends): void {
  const tasks = new Set(measured.flatMap((line) => line.labels.task || []));
  const own = [...tasks].slice(0, 50);
  const byTask = Map.groupBy(measured, ({ labels: { task } }) =>
    !task ? "without a task" : own.includes(task) ? task : "other tasks",
  );
  const byTurn = Map.groupBy(
    measured.filter((line) => line.labels.turn !== undefined),
    (line) => (Number(line.labels.turn) <= 50 ? (line.labels.turn as string) : "51+"),
  );
  if (byTask.size < 2) byTask.clear();
  for (const [label, groups] of [["task", byTask] as const, ["turn", byTurn] as const]) {
    for (const [name, lines] of groups) putGroup(found, `groups.${label}.${name}`, lines, putTrends);
  }
}

function putGroup(found: Numbers, path: string, lines: RequestLine[], putTrends: PutTrends): void {
  const complete = lines.filter((line) => judge(line) === "complete");
  const judged = lines.filter((line) => !["aborted", "interrupted"].includes(judge(line)));
  const own: Numbers = {};
  const put = (key: string, value: number, isKnown: boolean) => {
    if (isKnown) own[`${path}.${key}`] = value;
  };
  putTrends(own, `${path}.metrics`, complete);
  for (const key of Object.keys(own))
    if (!METRICS.some((metric) => key.startsWith(`${path}.metrics.${metric}.`))) delete own[key];
  put("requests", lines.length, true);
  for (const [verdict, those] of Map.groupBy(lines, judge)) put(`byVerdict.${verdict}`, those.length, true);
  const ended = (reason: string) => complete.filter((line) => line.fields.finishReason === reason).length;
  put("rates.success", complete.length / judged.length, judged.length > 0);
  put("rates.truncated", ended("length") / complete.length, complete.length > 0);
  put("rates.stopped", ended("stop") / complete.length, complete.length > 0);
  const prompts = complete.flatMap((line) => (line.fields.promptTokens as number | undefined) ?? []);
  const caches = complete.flatMap((line) => cachedOf(line) ?? []);
  const sum = (values: number[]) => values.reduce((total, value) => total + value, 0);
  put("tokens.prompt", sum(prompts), prompts.length > 0);
  put("tokens.cached", sum(caches), caches.length > 0);
  put(
    "tokens.completion",
    sum(complete.map((line) => completionOf(line) ?? 0)),
    complete.length > 0 &&
      complete.every((line) => !line.document || line.fields.completionTokens !== undefined),
  );
  const estimated = complete.filter((line) => !line.document && line.fields.completionTokens === undefined);
  put("tokens.estimatedRequests", estimated.length, true);
  Object.assign(found, own);
}

/** The counts of the conversations that have a measured turn: each from all of its lines. */
export function putConversations(found: Numbers, lines: RequestLine[], measured: RequestLine[]): void {
  const all = Map.groupBy(lines, (line) => line.labels.conversation);
  const ids = new Set(measured.map((line) => line.labels.conversation));
  ids.delete(undefined as never);
  if (ids.size === 0) return;
  const ends: Numbers = { completed: 0, failed: 0, interrupted: 0 };
  let [sent, unsent] = [0, 0];
  for (const id of ids) {
    const turns = all.get(id) as RequestLine[];
    const last = turns
      .toSorted((a, b) => Number(a.labels.turn) - Number(b.labels.turn))
      .at(-1) as RequestLine;
    const verdict = judge(last);
    const missing = Number(last.labels.turns) - Number(last.labels.turn);
    const end = verdict === "complete" ? (missing > 0 ? "interrupted" : "completed") : verdict;
    const name = ["completed", "interrupted", "aborted"].includes(end) ? end : "failed";
    ends[name] = (ends[name] ?? 0) + 1;
    sent += turns.length;
    if (name === "failed") unsent += missing;
  }
  for (const [end, count] of Object.entries(ends)) found[`conversations.${end}`] = count;
  Object.assign(found, {
    "conversations.started": ids.size,
    "conversations.turnsSent": sent,
    "conversations.turnsUnsent": unsent,
    "conversations.meanTurns": sent / ids.size,
  });
}
