// What the load cost its own machine, from the samples in the window.

import type { ClientUse, HostUse } from "../summary.ts";
import { toHostCores, toProcessUse, type UnixSpan } from "./process-use.ts";
import type { ServerSamples } from "./server-samples.ts";

/** k6's use and the whole machine's; each is absent if it was not sampled. */
export function toMachineUse(
  samples: ServerSamples | undefined,
  window: UnixSpan | undefined,
  logicalCores: number | undefined,
): { client?: ClientUse; host?: HostUse } {
  if (samples === undefined || window === undefined) return {};
  const k6 = toProcessUse(samples.hosts, "k6", window);
  const cpuCores = toHostCores(samples.hosts, window);
  const cores = logicalCores === undefined ? {} : { logicalCores };
  return {
    ...(k6 && {
      client: {
        ...(k6.cpuSeconds !== undefined && { k6CpuSeconds: k6.cpuSeconds }),
        ...(k6.cpuCores !== undefined && { k6CpuCores: k6.cpuCores }),
        k6PeakMemoryBytes: k6.peakMemoryBytes,
        ...cores,
      },
    }),
    ...(cpuCores && { host: { cpuCores, ...cores } }),
  };
}
