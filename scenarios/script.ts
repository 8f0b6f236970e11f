// The classic, after llama.cpp's server bench: so many clients, each sending its next request when the last one is done.
//
// Plain k6 options, so that --vus, --duration and --iterations mean what they say.
import { createIteration } from "../lib/k6/iteration.ts";
import { prepareScenario } from "../lib/k6/scenario.ts";

export { handleSummary } from "../lib/k6/scenario.ts";

const scenario = prepareScenario();

export const options = { vus: 8, duration: "10m", ...scenario.k6Options };

export default createIteration(scenario);
