// The part for ppl.llm.serving, over gRPC, loaded by the clients of such runs.
export { createPplExchange } from "../ppl/ppl.ts";
