// The part for runs with a warm-up or a cool-down, which the clients of such runs load.
export { createPhaseOf } from "../request/phase-of.ts";
