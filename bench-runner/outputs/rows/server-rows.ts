// The rows about the server and the machine, for every output.
import { formatValue } from "../../../lib/core/units.ts";
import type { Gpu, GpuUse, ServerUse, Spread, Summary } from "../../summary/summary.ts";

/** Label and value; an unknown value is left out, or shown with its reason if it would be the whole row. */
export function toServerRows({ server, host, gpus, environment }: Summary): [string, string][] {
  const rows: [string, string | undefined][] = [
    ["Server", joined(toRates(server)) ?? reasonOf(server)],
    ["Server's slots", joined(toLoad(server))],
    ["Server's process", joined(toProcess(server)) ?? toProcessReason(environment)],
    ["Server's start", joined(toStart(server))],
    [
      "Machine",
      host &&
        `${formatValue(host.cpuCores.mean, "ratio")}${host.logicalCores === undefined ? "" : ` of ${host.logicalCores}`} cores busy (max ${formatValue(host.cpuCores.max, "ratio")})`,
    ],
    ...(gpus?.devices ?? []).map((gpu): [string, string | undefined] => [
      `GPU ${gpu.index}`,
      joined([gpu.name, ...toGpu(gpu)]),
    ]),
    ["Energy of the GPUs", gpus && toEnergy(gpus)],
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

function toLoad(server: ServerUse): string[] {
  const { busySlotsPerDecode, requestsProcessing, requestsDeferred, cacheUsage } = server;
  const show = (name: string, spread: Spread | undefined) =>
    spread === undefined
      ? []
      : [`${name} ${formatValue(spread.mean, "ratio")} (max ${formatValue(spread.max, "ratio")})`];
  return [
    ...show("busy per decode", busySlotsPerDecode),
    ...show("processing", requestsProcessing),
    ...show("deferred", requestsDeferred),
    ...(cacheUsage === undefined
      ? []
      : [
          `${formatValue(cacheUsage.mean, "share")} of the KV cache in use (max ${formatValue(cacheUsage.max, "share")})`,
        ]),
  ];
}

function toGpu({ utilisation, powerWatts, peakMemoryBytes, temperatureCelsius: heat }: Gpu): string[] {
  return [
    ...(utilisation === undefined
      ? []
      : [`${formatValue(utilisation.mean, "share")} busy (max ${formatValue(utilisation.max, "share")})`]),
    ...(powerWatts === undefined
      ? []
      : [`${formatValue(powerWatts.mean, "ratio")} W (max ${formatValue(powerWatts.max, "ratio")} W)`]),
    ...(peakMemoryBytes === undefined ? [] : [`at most ${formatValue(peakMemoryBytes, "bytes")}`]),
    ...(heat === undefined
      ? []
      : [
          heat.min === heat.max
            ? `${formatValue(heat.max, "ratio")} °C`
            : `${formatValue(heat.min, "ratio")} to ${formatValue(heat.max, "ratio")} °C`,
        ]),
  ];
}

function toEnergy({ energyJoules, joulesPerOutputToken, outputTokensPerJoule }: GpuUse): string | undefined {
  if (energyJoules === undefined) return undefined;
  return joined([
    `${formatValue(energyJoules, "ratio")} J`,
    ...(joulesPerOutputToken === undefined
      ? []
      : [`${formatValue(joulesPerOutputToken, "ratio")} J per output token`]),
    ...(outputTokensPerJoule === undefined
      ? []
      : [`${formatValue(outputTokensPerJoule, "ratio")} output tokens/s per W`]),
  ]);
}

function toProcess({ process }: ServerUse): string[] {
  if (process === undefined) return [];
  const { name, cpuSeconds, cpuCores, peakMemoryBytes } = process;
  return [
    ...(name === undefined ? [] : [name]),
    ...(cpuSeconds === undefined
      ? []
      : [`${formatValue(cpuSeconds, "s")} of CPU (${formatValue(cpuCores, "ratio")} cores)`]),
    `at most ${formatValue(peakMemoryBytes, "bytes")}`,
  ];
}

/** Only for a server of this machine, whose process should be known. */
function toProcessReason(environment: Summary["environment"]): string | undefined {
  const listener = environment?.serverProcess;
  return listener && "absent" in listener ? `unknown: ${listener.absent}` : undefined;
}

function toStart(server: ServerUse): string[] {
  const { readySeconds, memoryAfterLoadBytes: memory, gpuMemoryAfterLoadBytes: gpuMemory } = server;
  return [
    ...(readySeconds === undefined ? [] : [`ready after ${formatValue(readySeconds, "s")}`]),
    ...(memory === undefined ? [] : [`then ${formatValue(memory, "bytes")} of memory`]),
    ...(gpuMemory === undefined ? [] : [`${formatValue(gpuMemory, "bytes")} of GPU memory`]),
  ];
}

function reasonOf({ absent }: ServerUse): string | undefined {
  const reason = absent.find(({ what }) => what === "metrics" || what === "all")?.reason;
  return reason === undefined ? undefined : `unknown: ${reason}`;
}

function joined(parts: string[]): string | undefined {
  return parts.length === 0 ? undefined : parts.join(", ");
}
