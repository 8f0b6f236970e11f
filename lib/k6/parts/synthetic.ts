// The part that generates synthetic prompts, loaded by the clients of such runs.
export { toSyntheticText } from "../../core/prompts/synthetic-prompt.ts";
