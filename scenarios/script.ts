// A plain closed loop, after llama.cpp's server bench: each client sends its next request when its last one is done.
//
// It has plain k6 options, so --vus, --duration and --iterations work as in any k6 script.
import { createIteration } from "../lib/k6/iteration.ts";
import { prepareScenario } from "../lib/k6/scenario.ts";

export { handleSummary } from "../lib/k6/scenario.ts";

const scenario = prepareScenario();

export const options = { vus: 8, duration: "10m", ...scenario.k6Options };

export default createIteration(scenario);
