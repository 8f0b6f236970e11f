// The part for the start of a load with a shape of its own, which the client of k6's `setup` loads.
export { createStart } from "../prepare/start.ts";
