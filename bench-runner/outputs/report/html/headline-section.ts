// The headline numbers, each with one phrase of what it means.
import { formatNumber, formatValue } from "../../../../lib/core/units.ts";
import type { Statistics } from "../../../statistics/statistics.ts";
import type { Summary } from "../../../summary/summary.ts";
import { type Html, html } from "../../html.ts";

interface Tile {
  label: string;
  value: string;
  meaning: string;
  isBad?: boolean;
}

/** A percentile that could not be certified has a star, as everywhere. */
function markOf(statistics: Statistics, name: "p95" | "p99"): string {
  return statistics.certified !== undefined && statistics.certified[name] === undefined ? "*" : "";
}

function toTime(statistics: Statistics | undefined, label: string, meaning: string): Tile[] {
  if (statistics === undefined) return [];
  const p95 = `${formatValue(statistics.p95, "ms")}${markOf(statistics, "p95")}`;
  return [
    {
      label: `${label}, median`,
      value: formatValue(statistics.median, "ms"),
      meaning: `${meaning}; for 95 % within ${p95}`,
    },
  ];
}

/** Only those that the run has. */
export function toTiles({ requests, metrics, throughput, rates, arrivals }: Summary): Tile[] {
  const complete = requests.byVerdict.complete ?? 0;
  const { aborted = 0, interrupted = 0 } = requests.byVerdict;
  const missed = requests.measured - complete - aborted;
  return [
    {
      label: "Requests complete",
      value: `${formatNumber(complete, "count")} of ${formatNumber(requests.measured, "count")}`,
      meaning:
        missed > 0
          ? [
              interrupted > 0 ? `${formatNumber(interrupted, "count")} still open at the end` : "",
              missed > interrupted
                ? `success rate ${formatValue(rates.success, "share") || "not known"}`
                : "",
              "no latency below includes the others",
            ]
              .filter(Boolean)
              .join("; ")
          : "all measured answers came to their end",
      isBad: missed > 0,
    },
    ...toTime(metrics.ttft, "TTFT", "half of the answers began within this time"),
    ...(arrivals && metrics.scheduledTtft
      ? toTime(
          metrics.scheduledTtft,
          "Scheduled TTFT",
          "the same from the moment at which the request was due",
        )
      : []),
    ...toTime(metrics.tpot, "TPOT", "between two tokens of an answer, on its average"),
    ...toTime(metrics.itl, "ITL", "gap between two tokens as they arrived"),
    ...toTime(metrics.e2e, "E2E", "half of the answers were done within this time"),
    ...(throughput === undefined
      ? []
      : [
          {
            label: "Output tokens/s",
            value: formatNumber(throughput.outputTokensPerSecond, "tokens/s"),
            meaning: "of all clients together, by when the tokens arrived",
          },
          {
            label: "Requests/s",
            value: formatNumber(throughput.requestsPerSecond, "requests/s"),
            meaning:
              arrivals?.offeredPerSecond === undefined
                ? "completed in the measured window"
                : `completed, of ${formatValue(arrivals.offeredPerSecond, "requests/s")} asked for`,
          },
        ]),
    ...(metrics.tokensPerSecondPerUser
      ? [
          {
            label: "Tokens/s per user",
            value: formatNumber(metrics.tokensPerSecondPerUser.median, "tokens/s"),
            meaning: "how fast one answer is written, median of 1 / TPOT",
          },
        ]
      : []),
  ];
}

export function toHeadlineSection(summary: Summary): Html {
  const tiles = toTiles(summary);
  const hasStar = tiles.some(({ meaning }) => meaning.endsWith("*"));
  return html`<section aria-labelledby="headline"><h2 id="headline" class="quiet">Headline numbers</h2>
<ul class="tiles">${tiles.map(
    ({ label, value, meaning, isBad }) =>
      html`<li class="${isBad ? "bad" : ""}"><span class="label">${label}</span><strong>${value}</strong><span class="meaning">${meaning}</span></li>\n`,
  )}</ul>
${hasStar && html`<p class="note">* too few requests to certify this percentile: the true one may be higher.</p>`}</section>`;
}
