// The part for ppl.llm.serving, over gRPC, which the clients of such runs load.
export { createPplIteration } from "../ppl/ppl.ts";
