// The error of a file that ends too early: the rows before the end can be used if the user allows it.
import { UserError } from "../../platform/user-error.ts";

export class CutOffError extends UserError {
  /** @param what the text after "Dataset FILE", for instance " is cut off: it ends at byte 7, after 0 whole rows" */
  constructor(path: string, what: string) {
    super(
      `Dataset ${path}${what}. Fetch it again, or use the whole rows before that with \`--allow-partial\`.`,
    );
  }
}
