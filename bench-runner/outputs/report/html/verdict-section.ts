// The verdict on a run in one word, with its reasons: the first thing that a reader sees.
import { type Gate, nameGates, toGates } from "../../../summary/judge/gates.ts";
import type { ReportData } from "../../../summary/series/report-data.ts";
import type { Summary } from "../../../summary/summary.ts";
import { type Html, html, withCode } from "../../html.ts";
import { describeSlo } from "../../rows/goodput-rows.ts";
import { describePlannedEnd } from "../../rows/planned-end.ts";
import { describeGoal, findShortfalls } from "../../rows/shortfalls.ts";
import { toSummaryRows } from "../../rows/summary-rows.ts";
import { toGateWords } from "./gate-words.ts";
import { toTroubles } from "./troubles.ts";

export type VerdictWord =
  | "passed"
  | "passed with failures"
  | "passed, SLOs missed"
  | "requests failed"
  | "SLOs missed"
  | "failed"
  | "uncertain"
  | "partial"
  | "saturated"
  | "not judged";

export interface RunVerdict {
  word: VerdictWord;
  /** Each reason is a sentence. */
  reasons: string[];
}

/**
 * A failed gate decides first; a partial run has not passed, whatever its gates say; nor has one whose server did not keep
 * up, unless the user set requirements. A run with failed requests or missed objectives says so in its word.
 */
export function toRunVerdict(summary: Summary, data?: ReportData): RunVerdict {
  const { run, requests } = summary;
  const gates = toGates(summary);
  const name = nameGates(summary, gates.length);
  const failed = gates.filter(({ ok, uncertain }) => !ok && !uncertain);
  const doubts = gates.filter(({ uncertain }) => uncertain).length;
  const { complete = 0 } = requests.byVerdict;
  const shortfalls = findShortfalls(summary);
  const goal = shortfalls.flatMap(({ kind, text }) =>
    kind === "failures" ? [] : [`${text[0]?.toUpperCase()}${text.slice(1)}: ${listSlos(summary)}.`],
  );
  const troubles = [...goal, ...toTroubles(summary, data)];
  const partial = run.partial
    ? [`The run did not reach its planned end: ${run.partialReason ?? "it was stopped"}.`]
    : [];
  if (complete === 0)
    return { word: "failed", reasons: ["No measured request completed.", ...partial, ...troubles] };
  if (failed.length > 0) {
    const text = `${failed.length} of ${gates.length} ${name} failed.`;
    return { word: "failed", reasons: [...troubles, ...partial, text] };
  }
  if (doubts > 0) {
    const text = `${doubts} of ${gates.length} ${name} cannot be decided: a figure is known only as a range, and its limit lies inside.`;
    return { word: "uncertain", reasons: [text, ...partial, ...troubles] };
  }
  if (run.partial) return { word: "partial", reasons: [...partial, ...troubles] };
  // A user who set requirements has an answer; the default thresholds do not cover the rate.
  if (summary.saturation?.saturated && summary.requirements === undefined) {
    return { word: "saturated", reasons: troubles };
  }
  const all = { 1: `Its ${name} was met`, 2: `Both ${name} were met` }[gates.length];
  const met =
    gates.length === 0
      ? [`The run is complete: ${describePlannedEnd(summary)}. It has no thresholds.`]
      : [
          `The run reached its planned end: ${describePlannedEnd(summary)}. ${all ?? `All ${gates.length} ${name} were met`}.`,
        ];
  const isAsked = summary.requirements !== undefined;
  if (shortfalls.some(({ kind }) => kind === "failures")) {
    return { word: isAsked ? "passed with failures" : "requests failed", reasons: [...troubles, ...met] };
  }
  if (shortfalls.some(({ kind }) => kind === "objectives")) {
    return { word: isAsked ? "passed, SLOs missed" : "SLOs missed", reasons: [...troubles, ...met] };
  }
  if (shortfalls.length > 0) return { word: "uncertain", reasons: [...troubles, ...met] };
  if (gates.length === 0) return { word: "not judged", reasons: [...met, ...troubles] };
  const goodput = describeGoal(summary);
  return {
    word: "passed",
    reasons: [...met, ...(goodput ? [`${goodput[0]?.toUpperCase()}${goodput.slice(1)}.`] : []), ...troubles],
  };
}

function listSlos({ goodput }: Summary): string {
  return goodput?.slos.map(describeSlo).join(", ") ?? "";
}

const SIGNS: Record<VerdictWord, string> = {
  passed: "✓",
  "passed with failures": "◐",
  "passed, SLOs missed": "◐",
  "requests failed": "◐",
  "SLOs missed": "◐",
  failed: "✗",
  uncertain: "?",
  partial: "◐",
  saturated: "◐",
  "not judged": "○",
};

/** Green for what passed without a failure and without a missed objective, red for what failed, amber between them. */
function toColour(word: VerdictWord): "passed" | "failed" | "amber" | "not-judged" {
  if (word === "passed" || word === "failed") return word;
  return word === "not judged" ? "not-judged" : "amber";
}

/** The verdict with its thresholds. */
export function toVerdictSection(summary: Summary, data?: ReportData): Html {
  const { word, reasons } = toRunVerdict(summary, data);
  const { gates, warnings } = toSummaryRows(summary);
  const hint =
    warnings.length === 0
      ? "No warnings."
      : `${warnings.length === 1 ? "One warning" : `${warnings.length} warnings`}`;
  return html`<section class="verdict ${toColour(word)}" aria-labelledby="verdict">
<h2 id="verdict"><span aria-hidden="true">${SIGNS[word]}</span> ${word[0]?.toUpperCase()}${word.slice(1)}</h2>
<ul class="reasons">${reasons.map((reason) => html`<li>${reason}</li>`)}</ul>
${gates.length > 0 && toGateList(gates, summary)}
<p class="hint">${warnings.length === 0 ? hint : html`<a href="#warnings">${hint}</a>`}</p>
</section>`;
}

/** Gates that were not met come first. */
function toGateList(gates: readonly Gate[], summary: Summary): Html {
  const sorted = [...gates].sort((a, b) => Number(a.ok) - Number(b.ok));
  return html`<ul class="thresholds">${sorted.map((gate) => {
    const { title, found } = toGateWords(gate, summary);
    const words = [title, found].filter((word) => word !== undefined).join(" ");
    return html`<li class="${gate.ok ? "met" : "missed"}"><b>${gate.ok ? "✓ met" : gate.uncertain ? "? uncertain" : "✗ failed"}</b> ${words && html`<span>${words}</span> `}<code>${gate.text}</code></li>`;
  })}</ul>`;
}

/** What to know before trusting the numbers, each with its remedy. */
export function toWarningSection(summary: Summary): Html | undefined {
  const { warnings } = toSummaryRows(summary);
  if (warnings.length === 0) return undefined;
  return html`<section id="warnings" class="warnings" aria-labelledby="warnings-title">
<h2 id="warnings-title">Before you trust the numbers</h2>
<ul>${warnings.map(({ text, remedy }) => html`<li><span>${withCode(text)}</span> <span class="remedy">→ ${withCode(remedy)}</span></li>`)}</ul>
</section>`;
}
