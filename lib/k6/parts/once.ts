// The part that one client loads for all: what happens once a process, before the run.
export { SUMMARY_TREND_STATS } from "../../core/console-summary.ts";
export { toThresholds } from "../../core/thresholds.ts";
export { readOptions } from "../config.ts";
export { loadRows } from "../dataset.ts";
