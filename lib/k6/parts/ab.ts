// The part for two servers at once, which the clients of such runs load.
export { pairOf } from "../../core/plans/ab.ts";
