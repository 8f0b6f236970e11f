// The command `doctor`.
import { type OptionSpec, parseOption } from "../../../lib/core/options/option.ts";
import { toTerminalLook } from "../../platform/terminal-look.ts";
import { defineCommand } from "../command.ts";

const STREAMS = { kind: "count", flag: "streams", default: 1000 } as const satisfies OptionSpec;

export const DOCTOR = defineCommand<{ streams?: string; json?: boolean }>({
  name: "doctor",
  summary: "Checks what a run needs on this machine",
  description: "Checks what a run needs on this machine, and says how to fix what is missing.",
  define: (command) => {
    command
      .allowExcessArguments(false)
      .option("--streams <n>", `concurrent streams to check room for [default ${STREAMS.default}]`)
      .option("--json", "print JSON");
  },
  read: (command) => command.opts(),
  run: async ({ streams, json }, { variables, print }) => {
    const { examine, toExitCode } = await import("../doctor/doctor.ts");
    const { toDoctorJson, toDoctorText } = await import("../doctor/render-doctor.ts");
    const findings = await examine({
      variables,
      folder: process.cwd(),
      streams: Number(streams === undefined ? STREAMS.default : parseOption(STREAMS, streams, "`--streams`")),
      isStreamsAsked: streams !== undefined,
    });
    const look = toTerminalLook(process.stdout, variables);
    print(json ? toDoctorJson(findings) : toDoctorText(findings, look));
    return toExitCode(findings);
  },
});
