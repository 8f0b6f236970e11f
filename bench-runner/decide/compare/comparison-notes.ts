// What to know about a comparison before trusting its figures. Pure.
import { CACHE_REMEDY, describeSpread, findCacheSpread } from "../../summary/cached-share.ts";
import type { PairComparison } from "./comparison-types.ts";
import type { Side } from "./side.ts";
import type { Method } from "./side-estimates.ts";

export function toNotes(base: Side, next: Side): string[] {
  const isOther = base.serverBench !== next.serverBench;
  return [
    ...(isOther
      ? [
          `Made by different versions of server-bench (${base.serverBench} and ${next.serverBench}): *Measurement changes* in its changelog shows whether that matters.`,
        ]
      : []),
    ...toCacheNotes(base, next),
    ...toSideNotes("BASE", base),
    ...toSideNotes("NEW", next),
  ];
}

/** The two sides are not alike, or the repeats of one of them. */
function toCacheNotes(base: Side, next: Side): string[] {
  const sides = [base, next];
  const between = findCacheSpread(sides.map(({ runs }) => toRunsShare(runs)));
  const within = sides.flatMap(({ runs }, index) => {
    const name = index === 0 ? "BASE" : "NEW";
    const spread = findCacheSpread(runs.map((run) => toRunsShare([run])));
    return spread === undefined ? [] : [`${name}: ${describeSpread(spread, (at) => `#${at + 1}`)}`];
  });
  const texts = [
    ...(between === undefined ? [] : [describeSpread(between, (index) => (index === 0 ? "BASE" : "NEW"))]),
    ...within,
  ];
  return texts.length === 0 ? [] : [...texts.map((text) => `! ${text}`), `→ ${CACHE_REMEDY}`];
}

/** Over all runs; undefined if the requests do not report it. */
function toRunsShare(runs: Side["runs"]): number | undefined {
  let [cached, prompt] = [0, 0];
  for (const { figures } of runs) {
    const { cachedTokens, promptTokens } = figures.metrics;
    if (cachedTokens === undefined || promptTokens === undefined) continue;
    cached += cachedTokens.mean * cachedTokens.count;
    prompt += promptTokens.mean * promptTokens.count;
  }
  return prompt > 0 ? cached / prompt : undefined;
}

/** Each warning once, with the number of runs that have it. */
function toSideNotes(name: string, { notes, runs }: Side): string[] {
  const doubts = runs.flatMap(({ doubts }) => doubts);
  const codes = [...new Set(doubts.map(({ code }) => code))];
  return [
    ...notes,
    ...codes.map((code) => {
      const same = doubts.filter((doubt) => doubt.code === code);
      const where = runs.length === 1 ? "" : ` (in ${same.length} of ${runs.length} repeats)`;
      return `${same[0]?.text}${where}`;
    }),
  ].map((note) => `${name}: ${note}`);
}

const METHOD_NOTES: Record<Method, string> = {
  repeats: "Intervals come from the variation between the repeats of each side (Welch's t).",
  blocks:
    "Intervals come from blocks of time within each run; run-to-run variation (a restart, a cold cache) is not included. `--repeat 5` on both sides includes it.",
  "repeats of one side":
    "Only one side has repeats: the single run of the other side is assumed to vary as they do. `--repeat` on both sides is better.",
};

/** How the intervals were computed, and the false alarms to expect. */
export function describeMethod({ method, metrics }: PairComparison, confidence: number): string[] {
  const compared = metrics.filter(
    ({ verdict }) => verdict !== "cannot tell" && verdict !== "uncertain",
  ).length;
  const percent = Math.round((1 - confidence) * 1000) / 10;
  return [
    METHOD_NOTES[method],
    `${compared} figures have an interval: if nothing has changed, each still has a chance of ${percent} % to look changed.`,
  ];
}
