// The part that judges requests by service level objectives, which the clients of such runs load.
export { meetsSlos } from "../../core/goals/goodput.ts";
