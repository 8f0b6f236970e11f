// An option of a user's own scenario, and how k6 hands the table of them to the runner.
import type { OptionSpec } from "./option.ts";

/** Its variable is best named SERVER_BENCH_…, as all others are. */
export interface OwnOption extends OptionSpec {
  variable: string;
  /** One sentence. */
  description: string;
}

/** What precedes the list in the output of k6. */
export const OWN_OPTIONS_MARK = "server-bench options: ";
