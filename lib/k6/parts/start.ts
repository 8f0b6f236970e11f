// The part for the start of a load with a planned shape, loaded by the client in which k6 runs `setup`.
export { createStart } from "../prepare/start.ts";
