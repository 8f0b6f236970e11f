// An open loop: requests are sent when they are due, whether or not earlier ones are done. SERVER_BENCH_RATE,
// _RATE_STAGES or _WORKLOAD set the schedule, _MAX_CONCURRENCY and _WHEN_BUSY what happens if the server cannot keep up.
import { createOpenIteration } from "../lib/k6/iteration.ts";
import { createSetup, prepareScenario } from "../lib/k6/scenario.ts";

export { handleSummary } from "../lib/k6/scenario.ts";

const scenario = prepareScenario("open");

export const options = { ...scenario.k6Options };

export const setup = createSetup("open");

export default createOpenIteration(scenario);
