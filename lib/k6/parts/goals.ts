// The part that one client loads for all where a run is to reach something.
import { readGoals } from "../../core/goals.ts";
import { type LoadOptions, OptionError } from "../../core/options.ts";
import { toRequirementThresholds } from "../../core/requirement-threshold.ts";
import type { ShapeKind } from "../../core/shapes.ts";
import type { Slo } from "../../core/slo.ts";
import type { Threshold } from "../../core/thresholds.ts";

/**
 * @param measuresAll false where there is a warm-up or a cool-down
 * @throws a text: the class of an error is another one in each bundle
 */
export function prepareGoals(
  load: LoadOptions,
  kind: ShapeKind,
  measuresAll: boolean,
): { slos: Slo[]; thresholds: Record<string, Threshold[]> } {
  try {
    const { slos, requirements, conditions } = readGoals(load, kind);
    return { slos, thresholds: toRequirementThresholds(requirements, conditions, measuresAll) };
  } catch (error) {
    throw error instanceof OptionError ? error.message : error;
  }
}
