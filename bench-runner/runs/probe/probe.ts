// The command `probe`: one request through the real k6, and everything about it.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { RequestLine } from "../../../lib/core/request/facts.ts";
import { hideIn } from "../../../lib/core/apis/headers.ts";
import { resolveAsked } from "../asked-config.ts";
import type { Config } from "../../config/config.ts";
import type { Terminal } from "../../servers/discover/ask-person.ts";
import type { Discovery } from "../../servers/discover/discover.ts";
import { EXIT } from "../../platform/exit-codes.ts";
import { readJournal } from "../../run-folder/journal-reader.ts";
import { toK6Args, toK6Settings, toK6Variables } from "../../load/k6-args.ts";
import { findSecrets } from "../../config/keys.ts";
import { describeEnd } from "../../servers/start/llama-server.ts";
import { toJson } from "../load-job.ts";
import { planRun } from "../../load/run-plan.ts";
import { describeServer } from "../../servers/start/server-plan.ts";
import { inProject } from "../../platform/project-root.ts";
import { writePrompts } from "../../load/write-prompts.ts";
import { openSession, type RunContext } from "../run.ts";
import { RUN_FILES } from "../../run-folder/run-files.ts";
import { RunFolder } from "../../run-folder/run-folder.ts";
import { hideUserInfo } from "../../config/secrets.ts";
import type { Session } from "../../platform/session.ts";
import { toTerminalLook } from "../../platform/terminal-look.ts";
import { UserError } from "../../platform/user-error.ts";
import { openWarmServer } from "../../load/warm-server.ts";
import { toProbeFlags, withoutLoad } from "./probe-flags.ts";
import { type ProbeResult, toProbeResult } from "./probe-result.ts";
import { readDumps } from "./read-dumps.ts";
import { renderProbe } from "./render-probe.ts";

export interface ProbeContext extends RunContext {
  terminal: Terminal | undefined;
}

/**
 * Nothing that it started is alive when it returns or throws, and no file is left.
 * @param own.prompt what is sent instead of a dataset's prompt
 * @returns the exit code: 0 for a complete answer
 * @throws UserError, OptionError
 */
export async function probe(
  flags: Readonly<Record<string, string>>,
  own: { prompt?: string },
  context: ProbeContext,
): Promise<number> {
  const variables = withoutLoad(context.variables);
  const sources = { flags: toProbeFlags(flags), variables };
  const { config, discovery } = await resolveAsked(sources, context.terminal);
  const folder = new RunFolder(mkdtempSync(join(tmpdir(), "server-bench-probe-")));
  const session = openSession(folder, context);
  try {
    const sent = await sendOne({
      config,
      variables,
      prompt: own.prompt,
      folder,
      session,
      discovery,
      context,
    });
    if (sent === undefined) return EXIT.stopped;
    const { result, server } = sent;
    const { width } = toTerminalLook(process.stdout, context.variables);
    const isJson = config.runner.json;
    context.print(isJson ? toJson(result).trimEnd() : renderProbe(result, discovery?.text ?? server, width));
    return result.details.verdict === "complete" ? EXIT.ok : EXIT.threshold;
  } finally {
    await session.close();
    rmSync(folder.path, { recursive: true, force: true });
  }
}

interface Probing {
  config: Config;
  variables: Readonly<Record<string, string | undefined>>;
  prompt: string | undefined;
  folder: RunFolder;
  session: Session;
  discovery: Discovery | undefined;
  context: ProbeContext;
}

/** @returns undefined where the user wanted to stop before anything was sent */
async function sendOne(probing: Probing): Promise<{ result: ProbeResult; server: string } | undefined> {
  const { variables, folder, session, discovery, context } = probing;
  const plan = await planRun(probing.config, variables);
  const warm = await openWarmServer(plan, folder, session, {});
  if (session.stop.signal.aborted) return undefined;
  const { config, path } = await writePrompts(plan.config, plan, warm.server.url, folder, () => {});
  if (probing.prompt !== undefined) {
    folder.write(RUN_FILES.prompts, `${JSON.stringify({ id: "prompt", prompt: probing.prompt })}\n`);
  }
  folder.write(RUN_FILES.settings, toJson(toK6Settings(config)));
  const k6 = session.start({
    file: plan.k6.path,
    args: toK6Args(config, inProject("dist", "tools", "probe.js")),
    variables: {
      ...toK6Variables(config, warm.server.url, {
        rows: path,
        settings: folder.file(RUN_FILES.settings),
        journal: folder.file(RUN_FILES.records),
        summary: folder.file(RUN_FILES.k6Summary),
      }),
      K6_LOG_FORMAT: "json",
    },
    logPath: folder.file(RUN_FILES.k6Log),
  });
  const stop = () => k6.signal("SIGINT");
  session.stop.signal.addEventListener("abort", stop, { once: true });
  const end = await k6.ended;
  session.stop.signal.removeEventListener("abort", stop);

  const dumps = readDumps(readFileSync(folder.file(RUN_FILES.k6Log), "utf8"));
  const { line, text } = await readAnswer(folder);
  if (line === undefined) {
    if (session.stop.signal.aborted) return undefined;
    const said = dumps.errors.at(-1) ?? "it says nothing of it";
    throw new UserError(`k6 ${describeEnd(end)} before it sent the request: ${said}`);
  }
  const secrets = findSecrets(context.variables);
  const url = hideUserInfo(warm.server.url);
  const found = discovery?.found[0];
  const result = toProbeResult(line, dumps, {
    ...{ url, found },
    text: text === undefined ? undefined : hideIn(text, secrets),
  });
  return { result, server: describeServer(config, plan.server) };
}

async function readAnswer(folder: RunFolder): Promise<{ line?: RequestLine; text?: string }> {
  let line: RequestLine | undefined;
  let text: string | undefined;
  try {
    for await (const one of readJournal(folder.file(RUN_FILES.records))) {
      if (one.type === "request") line = one;
      // A line of the scenario's own, which the journal's types do not know.
      const { type, text: said } = one as { type: string; text?: string };
      if (type === "answer") text = said;
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
  return { ...(line && { line }), ...(text !== undefined && { text }) };
}
