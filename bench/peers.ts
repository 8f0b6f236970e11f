// `npm run bench:peers`: the same workload through AIPerf and GuideLLM as through record, side by side.
//
// Nothing here passes or fails. It installs the two from the Python package index (7 GB), and writes docs/.
import { parseArgs } from "node:util";
import { UserError } from "../bench-runner/platform/user-error.ts";
import { type PeersResult, runPeers } from "./peers/contest.ts";
import { buildPrograms } from "./programs.ts";
import { describeMachine, keep } from "./records.ts";
import { show, table } from "./tables.ts";

const USAGE = `Usage: npm run bench:peers -- [--repeats 2] [--quick]

--repeats  how often each measurement is repeated, interleaved
--quick    small figures that show that it works; docs/ stays as it is

AIPerf and GuideLLM are installed into virtual environments in the cache folder (XDG_CACHE_HOME): 7 GB, needs python3.`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      repeats: { type: "string" },
      quick: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(USAGE);
  const repeats = Number(values.repeats ?? (values.quick ? 1 : 2));
  if (!Number.isInteger(repeats) || repeats < 1) {
    throw new UserError(`Expected \`--repeats\` to be a whole number above 0, got \`${values.repeats}\`.`);
  }
  await buildPrograms();
  const environment = await describeMachine();
  const started = performance.now();
  const say = (text: string) => console.log(`  ${text}`);
  const result = await runPeers({ repeats, isQuick: values.quick, say });
  const minutes = Math.round((performance.now() - started) / 6000) / 10;
  console.log(`\n${peersTable(result)}\n(${minutes} minutes)`);
  if (values.quick) return;
  const measuredAt = new Date().toISOString();
  keep("peers", { measuredAt, minutes, repeats, environment, result }, peersTable(result));
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
  return [table(head, rows), ...(failures.length > 0 ? [failures.join("\n")] : [])].join("\n\n");
}

try {
  await main();
} catch (error) {
  console.error(error instanceof UserError ? error.message : error);
  process.exitCode = 1;
}
