// A command that waits for what can no longer come: Node then has nothing left to do, and would end with exit code 0.
import { EXIT } from "./exit-codes.ts";

/**
 * From here on the process has failed until it is ended with another code: if it runs out of work, it says so.
 * @param say writes a line to standard error
 */
export function failUntilFinished(say: (text: string) => void): void {
  process.exitCode = EXIT.failed;
  process.once("beforeExit", () => {
    say(
      "The command ended without a result: it waited for something that can no longer come. This is a fault of server-bench; please report it with the command line.",
    );
    process.exit(EXIT.failed);
  });
}
