// nvidia-smi's table of the GPUs as they are: the question, and the answer line by line.
import type { GpuReading } from "../../run-folder/run-files.ts";

/**
 * One process that asks once a second, not a process a second: each start initializes the driver's library again, which
 * takes a core for up to seconds where the driver does not stay loaded.
 */
export const NVIDIA_SMI_ARGS: readonly string[] = [
  "--query-gpu=index,name,utilization.gpu,memory.used,memory.total,power.draw,temperature.gpu",
  "--format=csv,noheader,nounits",
  "--loop=1",
];

const BYTES_PER_MIB = 2 ** 20;

/**
 * "0, NVIDIA H100 80GB HBM3, 97, 71234, 81559, 612.34, 64": percent, MiB, MiB, watts, °C. What is no number ("[N/A]",
 * "[Not Supported]", "[Unknown Error]", "[GPU is lost]") is absent.
 * @returns undefined for a line that is not part of the table, such as an error message of nvidia-smi
 */
export function parseGpuLine(line: string): GpuReading | undefined {
  const parts = line.split(",").map((part) => part.trim());
  const [index, ...names] = parts.slice(0, -5);
  if (!/^\d+$/.test(index ?? "") || names.length === 0) return undefined;
  const [utilisation, used, total, power, temperature] = parts.slice(-5).map(toNumber);
  return {
    index: Number(index),
    name: names.join(", "),
    ...(utilisation !== undefined && { utilisation: utilisation / 100 }),
    ...(used !== undefined && { memoryUsedBytes: used * BYTES_PER_MIB }),
    ...(total !== undefined && { memoryTotalBytes: total * BYTES_PER_MIB }),
    ...(power !== undefined && { powerWatts: power }),
    ...(temperature !== undefined && { temperatureCelsius: temperature }),
  };
}

function toNumber(text: string): number | undefined {
  return /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
}
