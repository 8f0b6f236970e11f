// The part with the request bodies of APIs other than OpenAI's completions, loaded by the clients of such runs.
export { toApiBody } from "../../core/apis/bodies/index.ts";
