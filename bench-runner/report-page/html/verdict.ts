// The verdict on a run in one word, with its reasons: what a reader sees first.
import type { Summary } from "../../summary.ts";
import { toSummaryRows } from "../../summary-rows.ts";
import { type Html, html, withCode } from "./html.ts";

export type VerdictWord = "passed" | "failed" | "partial" | "not judged";

export interface RunVerdict {
  word: VerdictWord;
  /** Sentences. */
  reasons: string[];
}

/** A failed threshold outweighs all; a run that was cut short is not passed, whatever its thresholds say. */
export function toRunVerdict({ run, thresholds, requests }: Summary): RunVerdict {
  const failed = thresholds.filter(({ ok }) => !ok);
  const { complete = 0, aborted = 0 } = requests.byVerdict;
  const missed = requests.measured - complete - aborted;
  const incomplete =
    missed > 0 ? [`${missed} of ${requests.measured} measured requests did not complete.`] : [];
  const partial = run.partial
    ? [`The run did not reach its planned end: ${run.partialReason ?? "it was stopped"}.`]
    : [];
  if (complete === 0) return { word: "failed", reasons: ["No measured request completed.", ...partial] };
  if (failed.length > 0) {
    const text = `${failed.length} of ${thresholds.length} ${thresholds.length === 1 ? "threshold" : "thresholds"} failed.`;
    return { word: "failed", reasons: [text, ...partial, ...incomplete] };
  }
  if (run.partial) return { word: "partial", reasons: [...partial, ...incomplete] };
  if (thresholds.length === 0)
    return { word: "not judged", reasons: ["The run is complete; it had no thresholds.", ...incomplete] };
  const all = { 1: "Its threshold was met", 2: "Both thresholds were met" }[thresholds.length];
  return {
    word: "passed",
    reasons: [
      `The run reached its planned end. ${all ?? `All ${thresholds.length} thresholds were met`}.`,
      ...incomplete,
    ],
  };
}

const SIGNS: Record<VerdictWord, string> = { passed: "✓", failed: "✗", partial: "◐", "not judged": "○" };

/** The verdict with its thresholds. */
export function toVerdictSection(summary: Summary): Html {
  const { word, reasons } = toRunVerdict(summary);
  const { thresholds, warnings } = toSummaryRows(summary);
  const hint =
    warnings.length === 0
      ? "Nothing to warn of."
      : `${warnings.length === 1 ? "One warning" : `${warnings.length} warnings`}`;
  return html`<section class="verdict ${word.replace(" ", "-")}" aria-labelledby="verdict">
<h2 id="verdict"><span aria-hidden="true">${SIGNS[word]}</span> ${word[0]?.toUpperCase()}${word.slice(1)}</h2>
<p>${reasons.join(" ")} ${warnings.length === 0 ? hint : html`<a href="#warnings">${hint}</a>.`}</p>
${
  thresholds.length > 0 &&
  html`<ul class="thresholds">${thresholds.map(
    ({ text, ok }) =>
      html`<li class="${ok ? "met" : "missed"}"><b>${ok ? "✓ met" : "✗ failed"}</b> <code>${text}</code></li>`,
  )}</ul>`
}
</section>`;
}

/** What to know before trusting the numbers, each with what to do about it. */
export function toWarningSection(summary: Summary): Html | undefined {
  const { warnings } = toSummaryRows(summary);
  if (warnings.length === 0) return undefined;
  return html`<section id="warnings" class="warnings" aria-labelledby="warnings-title">
<h2 id="warnings-title">Before you trust the numbers</h2>
<ul>${warnings.map(({ text, remedy }) => html`<li><span>${withCode(text)}</span> <span class="remedy">→ ${withCode(remedy)}</span></li>`)}</ul>
</section>`;
}
