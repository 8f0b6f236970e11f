// How many requests met the service level objectives, recomputed from the lines of a journal for verify-summary.ts.
import type { RequestLine } from "../../../lib/core/request/facts.ts";
import { FORMULAS, judge } from "./verify-formulas.ts";

type Answer = "met" | "missed" | "unjudged";

/**
 * @param texts objectives as `ttft=500ms`
 * @param neverSent arrivals that were due and never sent
 * @param seconds of the window
 */
export function putGoodput(
  found: Record<string, number>,
  measured: RequestLine[],
  texts: readonly string[],
  neverSent: number,
  seconds: number | undefined,
): void {
  const limits = texts.map((text) => Number(text.replace(/^\w+=|ms$/g, "")));
  const judged = measured
    .map((line) => texts.map((text, index) => answer(line, text.replace(/=.*/, ""), limits[index] as number)))
    .map((answers, index) => ({ answers, line: measured[index] as RequestLine }))
    // A request that was stopped before it missed an objective is not counted.
    .filter(({ answers, line }) => !isStopped(line) || answers.includes("missed"));
  if (texts.length === 0 || judged.length + neverSent === 0) return;
  const missed = judged.filter(({ answers }) => answers.includes("missed")).length;
  const met = judged.length - missed;
  for (const [index, limit] of limits.entries()) {
    const count = (what: Answer) => judged.filter(({ answers }) => answers[index] === what).length;
    const path = `goodput.slos.${index}`;
    found[`${path}.limitMs`] = limit;
    found[`${path}.met`] = count("met");
    found[`${path}.missed`] = count("missed");
    if (count("unjudged") > 0) found[`${path}.unjudged`] = count("unjudged");
  }
  Object.assign(found, {
    "goodput.met": met,
    "goodput.missed": missed,
    "goodput.neverSent": neverSent,
    "goodput.share": met / (judged.length + neverSent),
  });
  if (seconds !== undefined) found["goodput.perSecond"] = met / seconds;
}

const isStopped = (line: RequestLine) => ["aborted", "interrupted"].includes(judge(line));

/** From the time when it was due or sent; a stopped request has at least taken the time until it was stopped. */
function answer(line: RequestLine, metric: string, limitMs: number): Answer {
  const isComplete = judge(line) === "complete";
  if (!isComplete && !isStopped(line)) return "missed";
  if (metric === "tpot") {
    const tpot = isComplete ? FORMULAS.tpot?.(line) : undefined;
    return tpot === undefined ? "unjudged" : tpot > limitMs ? "missed" : "met";
  }
  const dueMs = line.scheduledMs ?? line.sentMs ?? line.startMs;
  const atMs = metric === "ttft" ? line.firstTokenMs : metric === "ttfo" ? line.firstContentMs : line.endMs;
  const isThere = atMs !== undefined && (isComplete || metric !== "e2e");
  if ((atMs ?? line.endMs) - dueMs > limitMs) return "missed";
  return isThere ? "met" : isComplete ? "missed" : "unjudged";
}
