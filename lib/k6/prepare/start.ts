// The start of a load with a planned shape: refuses k6's own flags, which would change the shape.
import exec from "k6/execution";
import sse from "k6/x/sse";

/** What k6 passes from `setup` to every iteration. */
export interface Start {
  /** When the load starts, in milliseconds of `sse.now()`. */
  ms: number;
}

/** Time for every client to take its first arrival and build its first body. */
const LEAD_MS = 200;

/** k6 has replaced our scenario with one made from its flags. */
const REPLACED =
  "k6's --vus, --iterations, --duration and --stage (K6_VUS, …) would turn this scenario into a plain closed loop. Instead, use ";

/** The `setup` of a scenario with a shape of its own: closed or open, which is also the name of its k6 scenario. */
export function createStart(shape: "closed" | "open"): () => Start {
  const variables =
    shape === "open"
      ? "SERVER_BENCH_RATE, SERVER_BENCH_DURATION, SERVER_BENCH_ITERATIONS and SERVER_BENCH_MAX_CONCURRENCY"
      : "SERVER_BENCH_VUS, SERVER_BENCH_STAGES, SERVER_BENCH_ITERATIONS and SERVER_BENCH_DURATION";
  return () => {
    if (exec.test.options.scenarios?.[shape] === undefined) exec.test.abort(REPLACED + variables);
    return { ms: (sse.now?.() ?? 0) + LEAD_MS };
  };
}
