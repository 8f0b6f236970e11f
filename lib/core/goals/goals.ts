// What a run is to reach: its service level objectives, what must hold of it, what ends it early; read and checked together.

import { OptionError } from "../option-error.ts";
import type { LoadOptions } from "../options/options.ts";
import type { ShapeKind } from "../options/shapes.ts";
import { parseRequirement, type Requirement } from "./requirement.ts";
import { parseSlos, type Slo } from "./slo.ts";
import { toWatched } from "./thresholds.ts";

export interface Goals {
  slos: Slo[];
  requirements: Requirement[];
  /** What ends the run where it holds. */
  conditions: Requirement[];
}

type GoalOptions = Pick<LoadOptions, "slo" | "require" | "abortOn" | "mode">;

/** Numbers that only some runs have: what they need. */
const NEEDS: Readonly<Record<string, "slos" | "open">> = {
  goodput: "slos",
  goodputPerSecond: "slos",
  achieved: "open",
  dropped: "open",
  scheduledTtft: "open",
  scheduleDelay: "open",
};

/** @throws OptionError for the first text that does not fit, or that can never be judged in such a run */
export function readGoals(options: GoalOptions, kind: ShapeKind): Goals {
  const { slo, require, abortOn, mode } = options;
  const slos = parseSlos(slo ?? [], "`--slo` (SERVER_BENCH_SLO)");
  const isWithoutTokens = slos.find(({ metric }) => metric !== "e2e");
  if (mode === "sync" && isWithoutTokens !== undefined) {
    throw new OptionError(
      `\`--slo ${isWithoutTokens.metric}=…\`: a whole answer (\`--mode sync\`) has one moment only, its end. Use \`--slo e2e=…\`.`,
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
      `${source}: \`${text}\` is about an open loop, where requests are due at a time: add \`--rate\`, or leave it out.`,
    );
  }
}
