// How many random cases a slow property is checked with.

/**
 * A fifth of them, others in each run; all with SERVER_BENCH_ALL_CASES=1, as in CI.
 * @param all number of cases
 */
export function casesOf(all: number): number {
  return process.env.SERVER_BENCH_ALL_CASES === "1" ? all : Math.ceil(all / 5);
}
