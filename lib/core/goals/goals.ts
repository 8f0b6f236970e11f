// The goals of a run: its service level objectives, its requirements, the conditions that end it early; read and checked together.

import { OptionError } from "../option-error.ts";
import type { LoadOptions } from "../options/options.ts";
import type { ShapeKind } from "../options/shapes.ts";
import { parseRequirement, type Requirement } from "./requirement.ts";
import { parseSlos, type Slo } from "./slo.ts";
import { toWatched } from "./thresholds.ts";

export interface Goals {
  slos: Slo[];
  requirements: Requirement[];
  /** Each ends the run as soon as it holds. */
  conditions: Requirement[];
}

type GoalOptions = Pick<LoadOptions, "slo" | "require" | "abortOn" | "mode">;

/** What the figures that only some runs have require. */
const NEEDS: Readonly<Record<string, "slos" | "open">> = {
  goodput: "slos",
  goodputPerSecond: "slos",
  achieved: "open",
  dropped: "open",
  scheduledTtft: "open",
  scheduleDelay: "open",
};

/** @throws OptionError for the first text that is invalid, or that cannot be judged in this kind of run */
export function readGoals(options: GoalOptions, kind: ShapeKind): Goals {
  const { slo, require, abortOn, mode } = options;
  const slos = parseSlos(slo ?? [], "`--slo` (SERVER_BENCH_SLO)");
  const isWithoutTokens = slos.find(({ metric }) => metric !== "e2e");
  if (mode === "sync" && isWithoutTokens !== undefined) {
    throw new OptionError(
      `\`--slo ${isWithoutTokens.metric}=…\`: with \`--mode sync\` only the end of an answer is timed. Use \`--slo e2e=…\`.`,
    );
  }
  const read = (texts: readonly string[] | undefined, source: string) =>
    (texts ?? []).map((text) => {
      const requirement = parseRequirement(text, source);
      checkNeeds(requirement, { slos, kind }, source);
      return requirement;
    });
  const requirements = read(require, "`--require` (SERVER_BENCH_REQUIRE)");
  const conditions = read(abortOn, "`--abort-on` (SERVER_BENCH_ABORT_ON)");
  for (const condition of conditions) toWatched(condition, true);
  return { slos, requirements, conditions };
}

function checkNeeds(
  { subject, text }: Requirement,
  { slos, kind }: { slos: readonly Slo[]; kind: ShapeKind },
  source: string,
): void {
  const need = NEEDS[subject];
  if (need === "slos" && slos.length === 0) {
    throw new OptionError(
      `${source}: \`${text}\` has no effect without \`--slo\`: add one, such as \`--slo ttft=500ms\`.`,
    );
  }
  if (need === "open" && kind !== "open") {
    throw new OptionError(
      `${source}: \`${text}\` applies only to an open loop, where requests have a scheduled time: add \`--rate\`, or remove it.`,
    );
  }
}
