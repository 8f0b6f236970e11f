// The rows that say how the server and the machine fared, for every rendering.
import { formatValue } from "../lib/core/units.ts";
import type { ServerUse, Spread, Summary } from "./summary.ts";

/** Label and value; what is not known leaves no trace but a reason, where it is the whole row. */
export function toServerRows({ server, host }: Summary): [string, string][] {
  const rows: [string, string | undefined][] = [
    ["Server", joined(toRates(server)) ?? reasonOf(server)],
    ["Server's slots", joined(toLoad(server))],
    ["Server's process", joined(toProcess(server))],
    [
      "Machine",
      host &&
        `${formatValue(host.cpuCores.mean, "ratio")}${host.logicalCores === undefined ? "" : ` of ${host.logicalCores}`} cores busy (max ${formatValue(host.cpuCores.max, "ratio")})`,
    ],
  ];
  return rows.filter((row): row is [string, string] => row[1] !== undefined);
}

function toRates(server: ServerUse): string[] {
  const { promptTokensPerSecond: prompt, generatedTokensPerSecond: generated } = server;
  const { cachedPromptTokensShare: cached, speculativeAcceptance: accepted } = server;
  return [
    ...(prompt === undefined ? [] : [`prompt ${formatValue(prompt, "tokens/s")}`]),
    ...(generated === undefined ? [] : [`generated ${formatValue(generated, "tokens/s")}`]),
    ...(cached === undefined ? [] : [`${formatValue(cached, "share")} of the prompt tokens cached`]),
    ...(accepted === undefined ? [] : [`${formatValue(accepted, "share")} of the drafted tokens accepted`]),
  ];
}

function toLoad({ busySlotsPerDecode, requestsProcessing, requestsDeferred }: ServerUse): string[] {
  const show = (name: string, spread: Spread | undefined) =>
    spread === undefined
      ? []
      : [`${name} ${formatValue(spread.mean, "ratio")} (max ${formatValue(spread.max, "ratio")})`];
  return [
    ...show("busy per decode", busySlotsPerDecode),
    ...show("processing", requestsProcessing),
    ...show("deferred", requestsDeferred),
  ];
}

function toProcess({ process }: ServerUse): string[] {
  if (process === undefined) return [];
  const { cpuSeconds, cpuCores, peakMemoryBytes } = process;
  return [
    ...(cpuSeconds === undefined
      ? []
      : [`${formatValue(cpuSeconds, "s")} of CPU (${formatValue(cpuCores, "ratio")} cores)`]),
    `at most ${formatValue(peakMemoryBytes, "bytes")}`,
  ];
}

function reasonOf({ absent }: ServerUse): string | undefined {
  const reason = absent.find(({ what }) => what === "metrics" || what === "all")?.reason;
  return reason === undefined ? undefined : `not known: ${reason}`;
}

function joined(parts: string[]): string | undefined {
  return parts.length === 0 ? undefined : parts.join(", ");
}
