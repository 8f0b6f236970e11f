// Which time stamps of arriving bytes work here: one request of the real k6 to a small server on loopback.
import { rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import type { StampSource } from "../../../lib/core/request/facts.ts";
import { toK6Message } from "../../load/k6-log.ts";
import { K6_RIGHTS } from "../../load/k6-rights.ts";
import { findScenario } from "../../load/scenario/scenario-file.ts";
import { runCommand } from "../../platform/processes.ts";
import { findK6 } from "../../platform/programs.ts";
import { inProject } from "../../platform/project-root.ts";
import { makeTemporaryFolder } from "../../platform/temporary.ts";
import { UserError } from "../../platform/user-error.ts";
import { readJournal } from "../../run-folder/journal-reader.ts";
import type { DoctorContext, Finding } from "./finding.ts";
import { splitRemedy } from "./program-checks.ts";

const LIMIT_MS = 15_000;

const EVENTS = [
  '{"choices":[{"index":0,"delta":{"content":"one"}}]}',
  '{"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}',
  "[DONE]",
];

function startTinyServer(): Promise<Server> {
  const server = createServer((request, response) => {
    request.resume().on("end", () => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.end(EVENTS.map((event) => `data: ${event}\n\n`).join(""));
    });
  });
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => resolve(server));
  });
}

/** Clears the options of the environment, which would change the load; only the switch for stamps stays. */
function toVariables(own: DoctorContext["variables"], url: string, journal: string): Record<string, string> {
  const foreign = Object.keys(own).filter(
    (name) => name.startsWith("SERVER_BENCH_") && name !== "SERVER_BENCH_STAMPS",
  );
  return {
    ...Object.fromEntries(foreign.map((name) => [name, ""])),
    SERVER_BENCH_URL: url,
    SERVER_BENCH_JOURNAL: journal,
    SERVER_BENCH_ROWS: inProject("datasets", "prompts.jsonl"),
    SERVER_BENCH_QUIET: "1",
    K6_AUTO_EXTENSION_RESOLUTION: "false",
    K6_NO_USAGE_REPORT: "true",
  };
}

interface StampsFacts {
  platform: string;
  /** The value of SERVER_BENCH_STAMPS. */
  asked: string | undefined;
  /** k6's last words. */
  words: string;
  /** Why there are no packet stamps, in k6's words. */
  reason?: string | undefined;
}

/** @param stamps those of the test request; undefined where k6 recorded none */
export function judgeStamps(
  stamps: StampSource | undefined,
  { platform, asked, words, reason }: StampsFacts,
): Finding {
  if (stamps === "packet")
    return {
      status: "ok",
      text: "packet, tested: tokens are timed by their TCP segments, however late k6 reads",
    };
  if (stamps === "kernel") {
    const why = reason === undefined ? "" : ` (${reason})`;
    const text = `kernel, tested: tokens are timed when their bytes reach the kernel; tokens that k6 reads late together get the last one's time${why}`;
    return { status: "ok", text, remedy: asked === "kernel" ? "Unset `SERVER_BENCH_STAMPS`." : K6_RIGHTS };
  }
  if (stamps === undefined) {
    return {
      status: "fail",
      text: `k6 could not record a request to this machine${words === "" ? "" : `: ${words}`}`,
      remedy:
        "Run `npm run setup` and `npm run build`, and look for a firewall or proxy in front of 127.0.0.1.",
    };
  }
  const text =
    "none: times are taken when k6 reads, which on a busy machine is later than when the bytes arrive";
  if (asked === "user") return { status: "warn", text, remedy: "Unset `SERVER_BENCH_STAMPS`." };
  const remedy =
    platform === "linux"
      ? "This kernel does not provide them (nor do some sandboxes, such as gVisor): use another machine, or keep this one idle."
      : "Only Linux provides them: use a Linux machine, or keep this one idle.";
  return { status: "warn", text, remedy };
}

/** One request, at most 15 s. */
async function tryRequest(k6: string, variables: DoctorContext["variables"]) {
  const folder = makeTemporaryFolder("doctor");
  const server = await startTinyServer();
  try {
    const { port } = server.address() as AddressInfo;
    const journal = join(folder, "records.jsonl");
    const { path } = findScenario("script");
    const { stdout, stderr } = await runCommand(
      k6,
      ["run", "--quiet", "--no-color", "--vus", "1", "--iterations", "1", "--duration", "10s", path],
      {
        cwd: folder,
        timeoutMs: LIMIT_MS,
        env: toVariables(variables, `http://127.0.0.1:${port}`, journal),
      },
    );
    let stamps: StampSource | undefined;
    let reason: string | undefined;
    try {
      for await (const line of readJournal(journal)) {
        if (line.type === "header") reason = line.stampsReason;
        if (line.type === "request") stamps = line.stamps;
      }
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
    }
    const words = `${stderr}\n${stdout}`.split("\n").flatMap((line) => toK6Message(line) ?? []);
    return { stamps, reason, words: words.at(-1) ?? "" };
  } finally {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
}

export async function checkStamps({ variables }: DoctorContext): Promise<Finding> {
  let k6: string;
  try {
    k6 = (await findK6(variables.BENCH_K6_BIN_PATH || undefined)).path;
  } catch (error) {
    if (error instanceof UserError) return { status: "absent", text: "not tested: it needs k6" };
    throw error;
  }
  try {
    const { stamps, reason, words } = await tryRequest(k6, variables);
    const asked = variables.SERVER_BENCH_STAMPS;
    return judgeStamps(stamps, { platform: process.platform, asked, words, reason });
  } catch (error) {
    if (error instanceof UserError) return { status: "fail", ...splitRemedy(error.message) };
    throw error;
  }
}
