// Service level objectives: what one request must meet to count as good. Their text is `ttft=500ms`.
import { OptionError } from "../option-error.ts";
import { parseQuantity } from "../options/quantity.ts";

/** What a request can be judged by. */
export const SLO_METRICS = ["ttft", "ttfo", "tpot", "e2e"] as const;
export type SloMetric = (typeof SLO_METRICS)[number];

export interface Slo {
  metric: SloMetric;
  /** The request meets it with this value or a lower one. */
  limitMs: number;
}

const EXAMPLE = "`ttft=500ms`, `tpot=50ms` or `e2e=10s`";

/** @param source the option, such as "`--slo`" @throws OptionError */
export function parseSlo(text: string, source: string): Slo {
  const [, name = "", limit = ""] = /^\s*([^=<:\s]+)\s*(?:=|<=|<|:)\s*(.+?)\s*$/.exec(text) ?? [];
  const metric = SLO_METRICS.find((known) => known === name.toLowerCase());
  if (metric === undefined) {
    const found = name === "" ? `\`${text}\`` : `\`${name}\` in \`${text}\``;
    throw new OptionError(
      `${source}: expected one of ${SLO_METRICS.join(", ")} with a limit, such as ${EXAMPLE}, got ${found}.`,
    );
  }
  const limitMs = parseQuantity(limit, "ms");
  if (limitMs === undefined || limitMs <= 0) {
    throw new OptionError(
      `${source}: expected a time above 0 with its unit after \`${name}\`, such as \`500ms\` or \`2s\`, got \`${limit}\`.`,
    );
  }
  return { metric, limitMs };
}

/** @throws OptionError also if two objectives have the same metric */
export function parseSlos(texts: readonly string[], source: string): Slo[] {
  const slos = texts.map((text) => parseSlo(text, source));
  const twice = slos.find(({ metric }, index) => slos.findIndex((other) => other.metric === metric) < index);
  if (twice !== undefined) {
    throw new OptionError(`${source}: \`${twice.metric}\` has two limits. Remove one of them.`);
  }
  return slos;
}
