// The command `probe`: sends one request through the real k6 and shows everything about it.
import { readFileSync, rmSync } from "node:fs";
import { hideIn } from "../../../lib/core/apis/headers.ts";
import { hideUrlSecrets } from "../../../lib/core/apis/url-secrets.ts";
import type { LoadOptions } from "../../../lib/core/options/options.ts";
import type { RequestLine } from "../../../lib/core/request/facts.ts";
import { findSecrets } from "../../config/keys.ts";
import type { LoadPlan } from "../../config/load-plan.ts";
import { toPriorityStart } from "../../load/client-priority.ts";
import { awaitK6 } from "../../load/end-k6.ts";
import { toK6Args, toK6Settings, toK6Variables } from "../../load/k6-args.ts";
import { toK6Environment } from "../../load/k6-environment.ts";
import { openWarmServer } from "../../load/warm-server.ts";
import { writePrompts } from "../../load/write-prompts.ts";
import type { Context } from "../../platform/context.ts";
import { EXIT } from "../../platform/exit-codes.ts";
import { inProject } from "../../platform/project-root.ts";
import { makeTemporaryFolder } from "../../platform/temporary.ts";
import { toTerminalLook } from "../../platform/terminal-look.ts";
import { UserError } from "../../platform/user-error.ts";
import { readJournal } from "../../run-folder/journal-reader.ts";
import { type ClientPriority, RUN_FILES } from "../../run-folder/run-files.ts";
import { RunFolder } from "../../run-folder/run-folder.ts";
import type { Terminal } from "../../servers/discover/ask-person.ts";
import type { Found } from "../../servers/discover/describe-found.ts";
import { describeEnd } from "../../servers/start/llama-server.ts";
import { describeServer } from "../../servers/start/server-plan.ts";
import { toJson } from "../measure-load.ts";
import { type Measurement, withMeasurement } from "../measurement.ts";
import { type AskedPlan, planAsked } from "../plan-asked.ts";
import { toProbeFlags, withoutLoad } from "./probe-flags.ts";
import { type ProbeResult, toProbeResult } from "./probe-result.ts";
import { readDumps } from "./read-dumps.ts";
import { findRemedy, type Remedy, toRemedyFlags, withRemedies } from "./refused-field.ts";
import { renderProbe } from "./render-probe.ts";

/** A server that refuses more than this has another API. */
const MOST_REMEDIES = 6;

export interface ProbeContext extends Context {
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
  const sources = { flags: toProbeFlags(flags), variables: withoutLoad(context.variables) };
  const asked = await planAsked(sources, { terminal: context.terminal });
  const { config, server } = asked.plan;
  const path = makeTemporaryFolder("probe");
  try {
    const place = { config, makeFolder: () => new RunFolder(path), repeats: 1 };
    return await withMeasurement(place, context, async (measurement) => {
      const result = await sendOne(asked, own.prompt, measurement);
      if (result === undefined) return EXIT.stopped;
      const { width } = toTerminalLook(process.stdout, context.variables);
      const about = asked.discovery?.text ?? describeServer(config, server);
      context.print(config.runner.json ? toJson(result).trimEnd() : renderProbe(result, about, width));
      return result.details.verdict === "complete" ? EXIT.ok : EXIT.threshold;
    });
  } finally {
    rmSync(path, { recursive: true, force: true });
  }
}

/** @returns undefined if the user stopped it before anything was sent */
async function sendOne(
  { plan, discovery }: AskedPlan,
  prompt: string | undefined,
  measurement: Measurement,
): Promise<ProbeResult | undefined> {
  const { folder, session } = measurement;
  const { server, clientPriority } = await openWarmServer(plan, folder, session);
  if (session.stop.signal.aborted) return undefined;
  const { load, path } = await writePrompts(plan, plan.load, server.url, folder, { say: () => {} });
  if (prompt !== undefined) {
    folder.write(RUN_FILES.prompts, `${JSON.stringify({ id: "prompt", prompt })}\n`);
  }
  const found = discovery?.found[0];
  const send = async (options: LoadOptions, own: RunFolder) =>
    await sendThrough(
      { plan, load: { ...load, options }, url: server.url, rows: path, found, clientPriority },
      own,
      measurement,
    );
  const result = await send(load.options, folder);
  return result && (await tryRemedies(result, load.options, folder, send));
}

/** Sends the request again without what the server refuses by name, until it names nothing else. */
async function tryRemedies(
  result: ProbeResult,
  options: LoadOptions,
  folder: RunFolder,
  send: (options: LoadOptions, own: RunFolder) => Promise<ProbeResult | undefined>,
): Promise<ProbeResult> {
  const remedies: Remedy[] = [];
  let last = result;
  while (remedies.length < MOST_REMEDIES) {
    const { status, error: text, request } = last;
    const remedy = findRemedy({ status, text }, request.body, options.endpoint);
    if (remedy === undefined || remedies.some(({ flag }) => flag === remedy.flag)) break;
    remedies.push(remedy);
    const next = await send(withRemedies(options, remedies), folder.makeFolder(`try-${remedies.length}`));
    if (next === undefined) break;
    last = next;
  }
  if (remedies.length === 0) return result;
  const { details, error } = last;
  const refused = { flags: toRemedyFlags(remedies), verdict: details.verdict, ...(error && { error }) };
  return { ...result, refused };
}

interface ProbePlan {
  plan: AskedPlan["plan"];
  load: LoadPlan;
  url: string;
  /** The file of the prompt. */
  rows: string;
  found: Found | undefined;
  clientPriority: ClientPriority;
}

/** @returns undefined if the user stopped it before the request was sent */
async function sendThrough(
  { plan, load, url, rows, found, clientPriority }: ProbePlan,
  folder: RunFolder,
  { session, variables }: Measurement,
): Promise<ProbeResult | undefined> {
  folder.write(RUN_FILES.settings, toJson(toK6Settings(plan.config, load)));
  const { variables: ofPriority, ownSession } = toPriorityStart(clientPriority);
  const k6 = session.start({
    ownSession,
    file: plan.k6.path,
    args: toK6Args(plan.config, load, inProject("dist", "tools", "probe.js")),
    variables: toK6Environment(
      {
        ...toK6Variables(plan.config, load, url, {
          rows,
          settings: folder.file(RUN_FILES.settings),
          journal: folder.file(RUN_FILES.records),
          summary: folder.file(RUN_FILES.k6Summary),
        }),
        ...ofPriority,
        K6_LOG_FORMAT: "json",
      },
      variables,
    ),
    logPath: folder.file(RUN_FILES.k6Log),
  });
  const end = await awaitK6(k6, session.stop);
  const dumps = readDumps(readFileSync(folder.file(RUN_FILES.k6Log), "utf8"));
  const { line, text } = await readAnswer(folder);
  if (line === undefined) {
    if (session.stop.signal.aborted) return undefined;
    const said = dumps.errors.at(-1) ?? "its log has no error";
    throw new UserError(`k6 ${describeEnd(end)} before it sent the request: ${said}`);
  }
  return toProbeResult(line, dumps, {
    url: hideUrlSecrets(url),
    found,
    text: text === undefined ? undefined : hideIn(text, findSecrets(variables)),
  });
}

async function readAnswer(folder: RunFolder): Promise<{ line?: RequestLine; text?: string }> {
  let line: RequestLine | undefined;
  let text: string | undefined;
  try {
    for await (const one of readJournal(folder.file(RUN_FILES.records))) {
      if (one.type === "request") line = one;
      // A line that only this scenario writes, so the journal's types do not include it.
      const { type, text: said } = one as { type: string; text?: string };
      if (type === "answer") text = said;
    }
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
  }
  return { ...(line && { line }), ...(text !== undefined && { text }) };
}
