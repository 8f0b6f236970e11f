// The command `doctor` on the command line.
import type { Command } from "commander";
import { type OptionSpec, parseOption } from "../../../lib/core/options/options.ts";
import type { Context } from "../../platform/context.ts";
import { toTerminalLook } from "../../platform/terminal-look.ts";
import { examine, toExitCode } from "../doctor/doctor.ts";
import { toDoctorJson, toDoctorText } from "../doctor/render-doctor.ts";

const STREAMS = { kind: "count", flag: "streams", default: 1000 } as const satisfies OptionSpec;

/** @param end gets the exit code: 0 where a run can be made */
export function addDoctorCommand(program: Command, context: Context, end: (exitCode: number) => void): void {
  program
    .command("doctor")
    .description("checks what a run needs on this machine, and says what to do about what is missing")
    .allowExcessArguments(false)
    .option("--streams <n>", `how many at a time there should be room for [default ${STREAMS.default}]`)
    .option("--json", "the same as JSON")
    .action(async (given: { streams?: string; json?: boolean }) => {
      const streams =
        given.streams === undefined ? STREAMS.default : parseOption(STREAMS, given.streams, "`--streams`");
      const findings = await examine({
        variables: context.variables,
        folder: process.cwd(),
        streams: Number(streams),
        isStreamsAsked: given.streams !== undefined,
      });
      const text = given.json
        ? toDoctorJson(findings)
        : toDoctorText(findings, toTerminalLook(process.stdout, context.variables));
      context.print(text);
      end(toExitCode(findings));
    });
}
