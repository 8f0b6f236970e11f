// The part that one client loads for all where k6 reads the prompts itself.
export { loadRows } from "../prepare/dataset.ts";
