// `npm run realservers`: the product against real servers from packages, checked by a proxy between them and by their own counters.
//
// What comes out is the table in docs/servers.md; a difference is a finding, printed and kept there.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { UserError } from "../bench-runner/platform/user-error.ts";
import { choosePort } from "../bench-runner/servers/start/server-port.ts";
import { startCountingProxy } from "./real-servers/counting-proxy.ts";
import { type ProofResult, proofsFor } from "./real-servers/proof.ts";
import type { ObtainedServer } from "./real-servers/real-server.ts";
import { keepResult, type ServerResult } from "./real-servers/results.ts";
import { SERVERS } from "./real-servers/servers.ts";
import { startAll } from "./server-processes.ts";

const USAGE = `Usage: npm run realservers -- [--only ${Object.keys(SERVERS).join(",")}] [--proof TEXT] [--dry]

--only   some servers; the others keep their rows in docs/servers.md
--proof  only proofs whose names contain this text; docs/ stays as it is
--dry    docs/ stays as it is

Python packages are installed into the cache folder (XDG_CACHE_HOME): vLLM takes 6 GB; needs python3. Ollama is built with go and
g++ in a quarter of an hour. llama-server and its model come from \`npm run setup\`. A server that cannot be had here is left out
with its reason.`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: "string" },
      proof: { type: "string" },
      dry: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  const names = values.only === undefined ? Object.keys(SERVERS) : values.only.split(",");
  const unknown = names.find((name) => SERVERS[name] === undefined);
  if (unknown !== undefined) {
    throw new UserError(
      `\`--only\`: there is no server \`${unknown}\`. Use ${Object.keys(SERVERS).join(", ")}.`,
    );
  }
  // Ctrl-C ends what was started, through the handlers of \`exit\`.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
  let findings = 0;
  for (const key of names) {
    const result = await prove(key, values.proof);
    findings += result.proofs.filter(
      ({ problems, explained }) => problems.length > 0 && explained === undefined,
    ).length;
    // After each server, so that an interrupted run keeps what it has.
    if (!values.dry && values.proof === undefined) keepResult(key, result);
  }
  console.log(findings === 0 ? "\nNo new finding." : `\n${findings} new findings.`);
  if (findings > 0) process.exitCode = 1;
}

async function prove(key: string, only: string | undefined): Promise<ServerResult> {
  const { name, obtain } = SERVERS[key] as (typeof SERVERS)[string];
  const result: ServerResult = { name, testedAt: new Date().toISOString(), proofs: [] };
  console.log(`\n## ${name}`);
  const folder = mkdtempSync(join(tmpdir(), "real-servers-"));
  try {
    const server = await obtain();
    result.version = server.version;
    result.proofs = await proveAll(server, folder, only);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    console.log(`  left out: ${error.message}`);
    result.leftOut = error.message.split("\n")[0] as string;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return result;
}

async function proveAll(
  { version, plan, expected }: ObtainedServer,
  folder: string,
  only = "",
): Promise<ServerResult["proofs"]> {
  const ports = {
    server: await choosePort("127.0.0.1", undefined),
    behind: await choosePort("127.0.0.1", undefined),
  };
  const stop = await startAll(plan(ports), folder);
  const proxy = await startCountingProxy(ports.server);
  console.log(`  ${version}, ready`);
  const proofs: ServerResult["proofs"] = [];
  try {
    for (const proof of proofsFor(expected).filter(({ name }) => name.includes(only))) {
      if (proof.leftOut?.(expected) !== undefined) continue;
      const started = performance.now();
      const result: ProofResult = await proof.run({ proxy, expected, folder });
      const seconds = Math.round((performance.now() - started) / 1000);
      console.log(
        `  ${result.problems.length === 0 ? "✓" : "✗"} ${proof.name}: ${result.detail ?? ""} (${seconds} s)`,
      );
      for (const problem of result.problems) console.log(`      ${problem}`);
      const why = result.problems.length > 0 ? expected.explained?.[proof.name] : undefined;
      if (why !== undefined) console.log(`      (${why})`);
      proofs.push({ name: proof.name, ...result, ...(why !== undefined && { explained: why }) });
    }
  } finally {
    await proxy.close();
    await stop();
  }
  return proofs;
}

try {
  await main();
} catch (error) {
  console.error(error instanceof UserError ? error.message : error);
  process.exitCode = 1;
}
