// Whether Ctrl-C reaches the programs that we start by itself.
import { closeSync, constants, openSync } from "node:fs";

/** Whether a terminal controls this process: then it sends Ctrl-C to our children, too, and we must not. */
export function hasTerminal() {
  try {
    closeSync(openSync("/dev/tty", constants.O_RDWR | constants.O_NOCTTY));
    return true;
  } catch {
    return process.platform === "win32";
  }
}
