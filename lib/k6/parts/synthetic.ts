// The part that makes prompts up, which the clients of such runs load.
export { toSyntheticText } from "../../core/prompts/synthetic-prompt.ts";
