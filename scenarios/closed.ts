// A closed loop whose clients start one after the other, or whose number of clients changes by stages; each client has its
// own sequence of prompts. Set by SERVER_BENCH_VUS, _RAMP_UP, _STAGES, _THREAD_STOP_TIME, _ITERATIONS and _DURATION.
import { createClosedIteration } from "../lib/k6/iteration.ts";
import { createSetup, prepareScenario } from "../lib/k6/scenario.ts";

export { handleSummary } from "../lib/k6/scenario.ts";

const scenario = prepareScenario("closed");

export const options = { ...scenario.k6Options };

export const setup = createSetup("closed");

export default createClosedIteration(scenario);
