// The classic scenario, whose open requests are interrupted a second after its end.
export { default, handleSummary } from "../../dist/script.js";

import { options as classic } from "../../dist/script.js";

export const options = {
  thresholds: classic.thresholds,
  scenarios: { default: { executor: "constant-vus", vus: 200, duration: "3s", gracefulStop: "1s" } },
};
