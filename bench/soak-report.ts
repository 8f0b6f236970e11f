// What a soak run has shown: each figure flat or growing over its second half, and everything accounted for. Pure.
import { fitLine } from "./line-fit.ts";
import { type SoakSample, WATCHED, type Watched } from "./soak-watch.ts";

export interface SoakTrend {
  /** At the middle and at the end of the run, by the fitted line. */
  middle: number;
  end: number;
  most: number;
  /** What the line rises over the second half, over its mean. */
  rise: number;
  isFlat: boolean;
}

export interface SoakResult {
  minutes: number;
  streams: number;
  /** The first half is warming up: caches fill, the heap finds its size. */
  trends: { [K in Watched]: SoakTrend };
  requests: { journal: number; server: number; byVerdict: Record<string, number> };
  /** One journal line for each request that the server got (those it never saw are none here). */
  isAccountedFor: boolean;
  samples: SoakSample[];
}

/** A rise over half the run below which a figure counts as flat: garbage collection wavers by more than a few percent. */
const FLAT_BELOW: { [K in Watched]: number } = { memoryMb: 0.1, goroutines: 0.05, descriptors: 0.05 };

/** @returns undefined where the samples are too few for a line through their second half */
export function toTrends(samples: readonly SoakSample[]): SoakResult["trends"] | undefined {
  const [from, to] = [samples[0]?.seconds ?? 0, samples.at(-1)?.seconds ?? 0];
  const half = samples.filter(({ seconds }) => seconds >= (from + to) / 2);
  const trends: Partial<SoakResult["trends"]> = {};
  for (const key of WATCHED) {
    const fit = fitLine(half.map((sample) => [sample.seconds, sample[key]]));
    if (fit === undefined) return undefined;
    trends[key] = {
      middle: fit.mean * (1 - fit.rise / 2),
      end: fit.mean * (1 + fit.rise / 2),
      most: Math.max(...samples.map((sample) => sample[key])),
      rise: fit.rise,
      isFlat: fit.rise < FLAT_BELOW[key],
    };
  }
  return trends as SoakResult["trends"];
}

const LABELS: { [K in Watched]: string } = {
  memoryMb: "memory (VmRSS), MB",
  goroutines: "goroutines",
  descriptors: "open files",
};

/** Markdown. */
export function soakTable({ minutes, streams, trends, requests, isAccountedFor }: SoakResult): string {
  const rows = WATCHED.map((key) => {
    const { middle, end, most, rise, isFlat } = trends[key];
    const cells = [middle, end, most].map((value) => value.toFixed(0));
    return [
      LABELS[key],
      ...cells,
      (rise * 100).toFixed(1).replace(/^-0\.0$/, "0.0"),
      isFlat ? "flat" : "growing",
    ];
  });
  const verdicts = Object.entries(requests.byVerdict).map(
    ([verdict, count]) => `${count.toLocaleString("en")} ${verdict}`,
  );
  return [
    `| ${minutes} minutes at ${streams} streams | halfway | at the end | max | rise over the second half, % | |`,
    "| --- | ---: | ---: | ---: | ---: | --- |",
    ...rows.map((cells) => `| ${cells.join(" | ")} |`),
    "",
    `${requests.journal.toLocaleString("en")} requests in the journal (${verdicts.join(", ")}), ${requests.server.toLocaleString("en")} at the server: ${isAccountedFor ? "all accounted for" : "NOT all accounted for"}.`,
  ].join("\n");
}
