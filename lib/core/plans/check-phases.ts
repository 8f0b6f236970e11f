// Refuses a warm-up or a cool-down that the load has no place for. Apart from phases.ts, which every k6 client loads.
import { OptionError } from "../option-error.ts";
import type { Extent, PhaseOptions } from "./phases.ts";

/** @throws OptionError where a cool-down counts back from an end that is not known, or nothing would be measured */
export function checkPhases(options: PhaseOptions, extent: Extent): void {
  const { warmupRequests = 0, warmupTime = 0, cooldownRequests = 0, cooldownTime = 0 } = options;
  if (cooldownRequests > 0 && extent.requests === undefined) {
    throw new OptionError(
      "`--cooldown-requests` counts back from the last request, but this run ends by time: use `--cooldown-time`, or end it by `--iterations`.",
    );
  }
  if (cooldownTime > 0 && extent.seconds === undefined) {
    throw new OptionError(
      "`--cooldown-time` counts back from the end, but this run ends by its number of requests: use `--cooldown-requests`, or end it by `--duration`.",
    );
  }
  if (extent.requests !== undefined && warmupRequests + cooldownRequests >= extent.requests) {
    throw new OptionError(
      `Nothing would be measured: warm-up and cool-down are ${warmupRequests + cooldownRequests} requests, the run has ${extent.requests}. Raise \`--iterations\`.`,
    );
  }
  if (extent.seconds !== undefined && warmupTime + cooldownTime >= extent.seconds) {
    throw new OptionError(
      `Nothing would be measured: warm-up and cool-down take ${warmupTime + cooldownTime} s, the run ${extent.seconds} s. Raise \`--duration\`.`,
    );
  }
}
