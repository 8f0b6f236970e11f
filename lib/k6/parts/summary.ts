// The part that writes the summary, loaded once, after the run.
export { toSummary } from "../summary.ts";
