// The part that changes bodies, loaded by the clients of runs that rename fields or leave them out.
export { editBody } from "../../core/apis/edit-body.ts";
