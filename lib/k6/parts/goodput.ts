// The part that judges requests by service level objectives, loaded by the clients of such runs.
export { meetsSlos } from "../../core/goals/goodput.ts";
