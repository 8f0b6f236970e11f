// Which requests the live server refuses. Pure.
import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import { isLoopback } from "../../config/listen-option.ts";

export interface Refusal {
  status: number;
  reason: string;
}

/** The name in a Host header, without its port; an IPv6 address without its brackets. */
function nameOf(host: string): string {
  return host
    .replace(/:\d*$/, "")
    .replace(/^\[(.*)\]$/, "$1")
    .toLowerCase();
}

/**
 * Any web site can point one of its host names at 127.0.0.1 and then read a local server as if it were its own (DNS
 * rebinding). Its requests carry that name: on a loopback address only this machine's names are answered.
 *
 * @param address the IP address of the live server
 * @returns undefined if the request may be answered
 */
export function refuse(
  { method, headers }: Pick<IncomingMessage, "method" | "headers">,
  address: string,
): Refusal | undefined {
  if (method !== "GET") return { status: 405, reason: "Only GET is answered here." };
  if (!isLoopback(address)) return undefined;
  const name = nameOf(headers.host ?? "");
  if (name === "localhost" || (isIP(name) !== 0 && isLoopback(name))) return undefined;
  return { status: 403, reason: `The host must be localhost or ${address}.` };
}
