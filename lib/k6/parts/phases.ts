// The part for runs with a warm-up or a cool-down, loaded by the clients of such runs.
export { createPhaseOf } from "../request/phase-of.ts";
