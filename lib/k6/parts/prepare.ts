// The part that one client loads for all, before the run: options, API, goals, metrics.
import { DIALECTS } from "../../core/apis/apis.ts";
import type { Dialect } from "../../core/request/dialect.ts";
import * as config from "../prepare/config.ts";
import * as settings from "../prepare/settings.ts";
import { throwingTexts } from "../prepare/throwing-texts.ts";

export { toK6Metrics } from "../prepare/scenario-metrics.ts";

export const prepareSettings = throwingTexts(settings.prepareSettings);
export const resolveOwnOptions = throwingTexts(config.resolveOwnOptions);

/** The dialects of all APIs. */
export function listDialects(): Dialect[] {
  return Object.values(DIALECTS);
}
