// The headline numbers, each with a phrase that explains it.
import { METRICS } from "../../../../lib/core/request/metrics.ts";
import { formatNumber, formatValue } from "../../../../lib/core/units.ts";
import type { Statistics } from "../../../statistics/statistics.ts";
import { markEstimated } from "../../../summary/estimated.ts";
import { findFigure } from "../../../summary/figures.ts";
import { countJudged } from "../../../summary/outcomes.ts";
import { showNumber, showValue } from "../../../summary/show-figure.ts";
import type { Summary } from "../../../summary/summary.ts";
import { type Html, html } from "../../html.ts";
import { describeSlo } from "../../rows/goodput-rows.ts";
import { sayReadTime } from "../../rows/headline.ts";

interface Tile {
  label: string;
  value: string;
  meaning: string;
  isBad?: boolean;
}

/** A percentile that could not be certified has a star, as in every output. */
function markOf(statistics: Statistics, name: "p95" | "p99"): string {
  return statistics.certified !== undefined && statistics.certified[name] === undefined ? "*" : "";
}

function toTime(
  summary: Summary,
  metric: "ttft" | "scheduledTtft" | "tpot" | "itl" | "e2e",
  meaning: string,
): Tile[] {
  const statistics = summary.metrics[metric];
  if (statistics === undefined) return [];
  const p95 = `${showValue(`${metric}.p95`, summary)}${markOf(statistics, "p95")}`;
  return [
    {
      label: findFigure(`${metric}.median`).title,
      value: showValue(`${metric}.median`, summary),
      meaning: `${meaning}${metric === "e2e" ? "" : sayReadTime(summary)}; for 95 % within ${p95}`,
    },
  ];
}

/** The tiles of the figures that the run has. */
export function toTiles(summary: Summary): Tile[] {
  const { requests, metrics, rates, arrivals } = summary;
  const complete = requests.byVerdict.complete ?? 0;
  const { interrupted = 0 } = requests.byVerdict;
  const failed = countJudged(requests.measured, requests.byVerdict) - complete;
  const missed = failed + interrupted;
  return [
    {
      label: "Requests complete",
      value: `${formatNumber(complete, "count")} of ${formatNumber(requests.measured, "count")}`,
      meaning:
        missed > 0
          ? [
              interrupted > 0 ? `${formatNumber(interrupted, "count")} still open at the end` : "",
              failed > 0 ? `success rate ${formatValue(rates.success, "share") || "unknown"}` : "",
              "latencies below exclude the others",
            ]
              .filter(Boolean)
              .join("; ")
          : "every measured answer is complete",
      isBad: missed > 0,
    },
    ...toGoodput(summary),
    ...toTime(summary, "ttft", "half of the answers started within this time"),
    ...(arrivals
      ? toTime(summary, "scheduledTtft", "the same, from the moment when the request was due")
      : []),
    ...toTime(summary, "tpot", "mean time between two tokens of an answer"),
    ...toTime(summary, "itl", "gap between two tokens as they arrived"),
    ...toTime(summary, "e2e", "half of the answers finished within this time"),
    ...toRate(summary, "outputTokensPerSecond", "over all clients, by the arrival of the tokens"),
    ...toRate(
      summary,
      "requestsPerSecond",
      arrivals?.offeredPerSecond === undefined
        ? "completed in the measured window"
        : `completed, of ${formatValue(arrivals.offeredPerSecond, "requests/s")} offered`,
    ),
    ...(metrics.tokensPerSecondPerUser
      ? [
          {
            label:
              METRICS.tokensPerSecondPerUser.about.title + markEstimated("tokensPerSecondPerUser", summary),
            value: showNumber("tokensPerSecondPerUser.median", summary),
            meaning: "output speed of one answer, median of 1 / TPOT",
          },
        ]
      : []),
  ];
}

/** What the run is for, where it has objectives. */
function toGoodput(summary: Summary): Tile[] {
  const { goodput } = summary;
  if (goodput === undefined) return [];
  const { met, missed, uncertain = 0, neverSent, slos } = goodput;
  const judged = formatNumber(met + missed + uncertain + neverSent, "count");
  return [
    {
      label: findFigure("goodput").title,
      value: showValue("goodput", summary),
      meaning: `${formatNumber(met, "count")} of ${judged} requests met ${slos.map(describeSlo).join(" and ")}`,
      isBad: missed + neverSent > 0,
    },
  ];
}

function toRate(
  summary: Summary,
  key: "outputTokensPerSecond" | "requestsPerSecond",
  meaning: string,
): Tile[] {
  const value = showNumber(key, summary);
  return value === "" ? [] : [{ label: findFigure(key).title + markEstimated(key, summary), value, meaning }];
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
