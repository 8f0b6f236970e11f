// What was found out about a server, and why, in words. Pure.
import type { ListedModels } from "./models.ts";
import type { FoundEndpoint, Software } from "./software.ts";

export interface Found {
  /** Without `/v1`, user name and password. */
  url: string;
  /** Absent for unknown software. */
  software?: Software;
  models: ListedModels;
  /** Absent where nothing shows it. */
  endpoint?: FoundEndpoint;
}

/** "vLLM 0.10.2". */
export function describeSoftware({ name, version }: Software): string {
  return version === undefined ? name : `${name} ${version}`;
}

function describeServer({ url, software }: Found): string {
  if (software === undefined) return `Found at ${url}: a server that does not say what it is`;
  return `Found at ${url}: ${describeSoftware(software)} (${software.why})`;
}

/** A line for each server, then what is asked of it and which flag changes it. */
export function describeFound(
  found: readonly Found[],
  chosen: { endpoint: FoundEndpoint; model: { name: string; why: string } },
): string {
  const { endpoint, model } = chosen;
  return [
    ...found.map(describeServer),
    `  endpoint  ${endpoint.name}: ${endpoint.why}${endpoint.why === "as given" ? "" : " (`--endpoint`)"}`,
    `  model     ${model.name}: ${model.why}${model.why.startsWith("as given") ? "" : " (`--model`)"}`,
  ].join("\n");
}
