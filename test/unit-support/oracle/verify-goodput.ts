// How many requests met the service level objectives, recomputed from the lines of a journal for verify-summary.ts.
import type { RequestLine } from "../../../lib/core/request/facts.ts";
import { endsOf, FORMULAS, judge } from "./verify-formulas.ts";

type Answer = "met" | "missed" | "unjudged";
type Told = Answer | "uncertain";

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
    .map((line) => {
      // Both moments of the first token, for each objective the better one last.
      const both = texts.map((text, index) => {
        const at = (end: RequestLine) => answer(end, text.replace(/=.*/, ""), limits[index] as number);
        const [early, late] = endsOf(line);
        return text.startsWith("tpot") ? [at(early), at(late)] : [at(late), at(early)];
      }) as [Answer, Answer][];
      const [worst, best] = [both.map(([one]) => one), both.map(([, other]) => other)];
      const answers = both.map(([one, other]): Told => (one === other ? one : "uncertain"));
      return { answers, outcome: [toOutcome(line, worst), toOutcome(line, best)], line };
    })
    // A request that was stopped before it missed an objective is not counted.
    .filter(({ outcome }) => outcome.some((one) => one !== undefined));
  if (texts.length === 0 || judged.length + neverSent === 0) return;
  const counted = (which: "met" | "missed") =>
    judged.filter(({ outcome }) => outcome.every((one) => one === which)).length;
  const [met, missed] = [counted("met"), counted("missed")];
  const uncertain = judged.length - met - missed;
  for (const [index, limit] of limits.entries()) {
    const count = (what: Told) => judged.filter(({ answers }) => answers[index] === what).length;
    const path = `goodput.slos.${index}`;
    found[`${path}.limitMs`] = limit;
    found[`${path}.met`] = count("met");
    found[`${path}.missed`] = count("missed");
    if (count("uncertain") > 0) found[`${path}.uncertain`] = count("uncertain");
    if (count("unjudged") > 0) found[`${path}.unjudged`] = count("unjudged");
  }
  Object.assign(found, {
    "goodput.met": met,
    "goodput.missed": missed,
    "goodput.neverSent": neverSent,
    "goodput.share": met / (judged.length + neverSent),
  });
  if (uncertain > 0) found["goodput.uncertain"] = uncertain;
  if (seconds !== undefined) found["goodput.perSecond"] = met / seconds;
}

const toOutcome = (line: RequestLine, answers: Answer[]) =>
  answers.includes("missed") ? "missed" : isStopped(line) ? undefined : "met";

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
