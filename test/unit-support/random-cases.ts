// How many cases a slow test checks.

/**
 * A fifth of them, of a property others in each run; all with SERVER_BENCH_ALL_CASES=1, as in CI.
 * @param all number of cases
 */
export function casesOf(all: number): number {
  return process.env.SERVER_BENCH_ALL_CASES === "1" ? all : Math.ceil(all / 5);
}
