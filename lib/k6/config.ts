// The options of a scenario, from the environment of the k6 process.
import { checkAborts } from "../core/abort-check.ts";
import { type ResolvedLoad, resolveLoad } from "../core/resolve-load.ts";

/** Reads the `SERVER_BENCH_*` variables; for the init context. @throws OptionError */
export function readOptions(): ResolvedLoad {
  const resolved = resolveLoad({ variables: __ENV });
  checkAborts(resolved.load);
  return resolved;
}
