// The options of a scenario, and those of a user's own: from the runner's file, or from the environment of the k6 process.
import { checkAborts } from "../../core/goals/abort.ts";
import { type OptionSpec, resolveOptions, type Values } from "../../core/options/option.ts";
import { LOAD_OPTIONS } from "../../core/options/options.ts";
import { type K6Settings, type ResolvedLoad, resolveLoad } from "../../core/options/resolve-load.ts";
import { toUserPath } from "./user-path.ts";

/**
 * In a run of the runner, settings.json as it is; in a direct `k6 run`, the `SERVER_BENCH_*` variables, resolved and
 * checked. For the init context.
 * @throws OptionError
 */
export function readOptions(): Pick<ResolvedLoad, "load" | "shape" | "given"> {
  const path = __ENV.SERVER_BENCH_SETTINGS;
  if (path) {
    const { load, ...rest } = JSON.parse(open(toUserPath(path))) as K6Settings;
    const { url, ab, apiKey } = LOAD_OPTIONS;
    const { values: reach } = resolveOptions({ url, ab, apiKey }, { variables: __ENV });
    return { load: { ...load, ...reach }, ...rest };
  }
  const resolved = resolveLoad({ variables: __ENV });
  checkAborts(resolved.load);
  return resolved;
}

/** The values of a user's own table. @throws OptionError for a value that does not fit */
export function resolveOwnOptions<T extends Record<string, OptionSpec>>(table: T): Values<T> {
  return resolveOptions(table, { variables: __ENV }).values;
}
