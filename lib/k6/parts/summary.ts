// The part that makes the summary, once after the run.
export { toSummary } from "../summary.ts";
