// The part for two servers at once, loaded by the clients of such runs.
export { pairOf } from "../../core/plans/ab.ts";
