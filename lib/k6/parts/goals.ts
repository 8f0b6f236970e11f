// The part that one client loads for all where a run is to reach something.
import { readGoals } from "../../core/goals/goals.ts";
import { toRequirementThresholds } from "../../core/goals/requirement-threshold.ts";
import type { Slo } from "../../core/goals/slo.ts";
import type { Threshold } from "../../core/goals/thresholds.ts";
import { OptionError } from "../../core/option-error.ts";
import type { LoadOptions } from "../../core/options/options.ts";
import type { ShapeKind } from "../../core/options/shapes.ts";

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
