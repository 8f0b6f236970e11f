// The subjects of requirements: the statistics of each trend, and the single figures of a run.

import { toKebab } from "../key-names.ts";
import { REQUEST_TRENDS, type TrendKey } from "../request/trends.ts";
import type { Unit } from "../units.ts";

/** The figures of a run that have no statistics, with their unit and which way is better. */
export const SCALARS = {
  success: { unit: "share", better: "higher" },
  truncated: { unit: "share", better: "lower" },
  stopped: { unit: "share", better: "higher" },
  goodput: { unit: "share", better: "higher" },
  achieved: { unit: "share", better: "higher" },
  goodputPerSecond: { unit: "requests/s", better: "higher" },
  requestsPerSecond: { unit: "requests/s", better: "higher" },
  outputTokensPerSecond: { unit: "tokens/s", better: "higher" },
  totalTokensPerSecond: { unit: "tokens/s", better: "higher" },
  completed: { unit: "count", better: "higher" },
  failed: { unit: "count", better: "lower" },
  dropped: { unit: "count", better: "lower" },
} as const satisfies Record<string, { unit: Unit; better: "lower" | "higher" }>;

export type ScalarKey = keyof typeof SCALARS;
export type SubjectKey = ScalarKey | TrendKey;

export interface Subject {
  key: SubjectKey;
  unit: Unit;
  /** Undefined if neither is, as for prompt tokens. */
  better: "lower" | "higher" | undefined;
  /** It is a trend: a requirement must name a statistic. */
  hasStatistic: boolean;
}

function toBetter(unit: Unit): Subject["better"] {
  if (unit === "ms" || unit === "s") return "lower";
  return unit === "tokens/s" || unit === "requests/s" ? "higher" : undefined;
}

const TRENDS: readonly Subject[] = [
  ...REQUEST_TRENDS.map(({ key, unit }) => ({ key, unit })),
  { key: "itl" as const, unit: "ms" as const },
].map(({ key, unit }) => ({ key, unit, better: toBetter(unit), hasStatistic: true }));

export const SUBJECTS: readonly Subject[] = [
  ...Object.entries(SCALARS).map(([key, scalar]) => ({
    key: key as ScalarKey,
    ...scalar,
    hasStatistic: false,
  })),
  ...TRENDS,
];

/** Common aliases. */
const OTHER_NAMES: Readonly<Record<string, SubjectKey>> = {
  qps: "requestsPerSecond",
  rps: "requestsPerSecond",
  successrate: "success",
  truncatedrate: "truncated",
  goodputrate: "goodput",
  intertokenlatency: "itl",
  timetofirsttoken: "ttft",
};

/** `outputTokensPerSecond`, `output-tokens-per-second`, `output_tokens_per_second`, and k6's names are equivalent. */
function toPlain(name: string): string {
  return name
    .toLowerCase()
    .replace(/^llamacpp_/, "")
    .replace(/[-_]/g, "");
}

export function findSubject(name: string): Subject | undefined {
  const plain = toPlain(name);
  const key = OTHER_NAMES[plain];
  return SUBJECTS.find((subject) => subject.key === key || toPlain(subject.key) === plain);
}

/** As it is written in a requirement: `output-tokens-per-second`. */
export function toSubjectName(key: SubjectKey): string {
  return toKebab(key);
}
