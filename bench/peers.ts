// `npm run bench:peers`: the same workload through AIPerf, GuideLLM and vLLM's own client as through record, side by side.
//
// Nothing here passes or fails. It installs them from the Python package index (13 GB), and writes docs/.
import { parseArgs } from "node:util";
import { UserError } from "../bench-runner/platform/user-error.ts";
import { type PeersResult, runPeers } from "./peers/contest.ts";
import { installPeers } from "./peers/install-peers.ts";
import { runStarvedPeers, type StarvedPeers } from "./peers/starved.ts";
import { buildPrograms } from "./programs.ts";
import { describeMachine, keep } from "./records.ts";
import { show, table } from "./tables.ts";

const PARTS = ["peers", "peers-starved"] as const;

const USAGE = `Usage: npm run bench:peers -- [--only ${PARTS.join(",")}] [--repeats 2] [--quick]

--only     one part; the other keeps its figures in docs/
--repeats  how often each measurement is repeated, interleaved
--quick    small figures that show that it works; docs/ stays as it is

AIPerf, GuideLLM and vLLM are installed into virtual environments in the cache folder (XDG_CACHE_HOME): 13 GB, needs python3.`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: "string" },
      repeats: { type: "string" },
      quick: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  const names = values.only?.split(",") ?? PARTS;
  const unknown = names.find((name) => !PARTS.some((part) => part === name));
  if (unknown !== undefined) {
    throw new UserError(`\`--only\`: there is no part \`${unknown}\`. Use ${PARTS.join(", ")}.`);
  }
  const repeats = Number(values.repeats ?? (values.quick ? 1 : 2));
  if (!Number.isInteger(repeats) || repeats < 1) {
    throw new UserError(`Expected \`--repeats\` to be a whole number above 0, got \`${values.repeats}\`.`);
  }
  // What was started ends with this process.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => process.exit(130));
  await buildPrograms();
  const environment = await describeMachine();
  const say = (text: string) => console.log(`  ${text}`);
  const context = { repeats, isQuick: values.quick, say };
  const peers = await installPeers(say);
  for (const name of names) {
    const started = performance.now();
    console.log(`\n## ${name}`);
    const [result, tables] =
      name === "peers"
        ? await runPeers(context, peers).then((found) => [found, peersTable(found)] as const)
        : await runStarvedPeers(context, peers).then((found) => [found, starvedTable(found)] as const);
    const minutes = Math.round((performance.now() - started) / 6000) / 10;
    console.log(`\n${tables}\n(${minutes} minutes)`);
    if (values.quick) continue;
    keep(name, { measuredAt: new Date().toISOString(), minutes, repeats, environment, result }, tables);
  }
}

function peersTable({ streams, clients }: PeersResult): string {
  const rows = Object.entries(clients).map(([name, { figures: f }]) => {
    const withConnecting = f.ttftP50WithConnecting;
    const ttft = withConnecting && ` (${show(withConnecting, 0)} with connecting)`;
    return [
      name,
      show(f.microsPerEvent, 1),
      `${show(f.ttftP50, 0)}${ttft ?? ""}`,
      show(f.serverTtftP50, 0),
      show(f.heldStreams, 0),
      show(f.connections, 0),
      show(f.peakMb, 0),
      show(f.burstSeconds, 0),
      show(f.foreignShare, 1, 100),
    ];
  });
  const failures = Object.entries(clients).flatMap(([name, { failures: list }]) =>
    list.map((reason) => `- ${name} ${reason}`),
  );
  const head = [
    ...["client", "CPU µs per event", "reported TTFT p50, ms", "server's TTFT p50, ms"],
    ...[`streams held of ${streams.toLocaleString("en")}`, "connections", "peak memory, MB"],
    ...["whole run, s", "other programs' CPU, %"],
  ];
  return withFailures(table(head, rows), failures);
}

/** Beside three busy loops, in a session with the least share of a core. */
function starvedTable(starved: StarvedPeers): string {
  const rows = Object.entries(starved).map(([name, { figures: f }]) => [
    name,
    `${show(f.clientP50, 1)} / ${show(f.serverP50, 1)}`,
    `${show(f.clientP99, 1)} / ${show(f.serverP99, 1)}`,
  ]);
  const head = ["starved client", "TTFT p50 reported / server, ms", "TTFT p99 reported / server, ms"];
  const failures = Object.entries(starved).flatMap(([name, { failures: list }]) =>
    list.map((reason) => `- ${name} ${reason}`),
  );
  return withFailures(table(head, rows), failures);
}

const withFailures = (tables: string, failures: readonly string[]): string =>
  [tables, ...(failures.length > 0 ? [failures.join("\n")] : [])].join("\n\n");

try {
  await main();
} catch (error) {
  console.error(error instanceof UserError ? error.message : error);
  process.exitCode = 1;
}
