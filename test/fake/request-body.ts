// Reads the body of a request.

import type { IncomingMessage } from "node:http";

const maxBodyBytes = 256 * 1024 * 1024;

/**
 * @returns the parsed JSON, the text where it is none, or undefined where the body is empty
 * @throws when the client leaves first or the body passes 256 MiB
 */
export async function readBody(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    bytes += part.length;
    if (bytes > maxBodyBytes) throw new Error(`The fake server takes bodies of up to ${maxBodyBytes} bytes.`);
    parts.push(part);
  }
  const text = Buffer.concat(parts).toString("utf8");
  if (text === "") return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
