// How many requests a server works on at the same time, where it says so.
import { endpointUrl } from "../../../lib/core/apis/url.ts";
import type { Access } from "../../platform/access.ts";
import { requestServer } from "../../platform/server-request.ts";

/** Enough for a server that somebody waits for at a prompt. */
const TIMEOUT_MS = 1_500;

async function readJson(url: string, path: string, access: Access, timeoutMs: number): Promise<unknown> {
  try {
    const { status, text } = await requestServer(endpointUrl(url, path), access, { timeoutMs });
    return status === 200 ? (JSON.parse(text) as unknown) : undefined;
  } catch {
    return undefined;
  }
}

/** The slots of llama-server, by its `/props`, else by its `/slots`; undefined for a server that does not say it. @param timeoutMs of each request */
export async function countSlots(
  url: string,
  access: Access,
  timeoutMs = TIMEOUT_MS,
): Promise<number | undefined> {
  const props = (await readJson(url, "/props", access, timeoutMs)) as
    | { total_slots?: unknown }
    | null
    | undefined;
  const { total_slots: count } = props ?? {};
  if (typeof count === "number" && Number.isInteger(count) && count > 0) return count;
  const slots = await readJson(url, "/slots", access, timeoutMs);
  return Array.isArray(slots) && slots.length > 0 ? slots.length : undefined;
}
