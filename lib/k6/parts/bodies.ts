// The part that makes the bodies of APIs other than OpenAI's completions, which the clients of such runs load.
export { toApiBody } from "../../core/apis/bodies/index.ts";
