// A client of plain sockets: what really came over the wire, and how the connection ended.

import { connect } from "node:net";
import { connect as connectTls } from "node:tls";

export interface RawAnswer {
  status: number;
  headers: Record<string, string>;
  /** The body, with the chunked encoding taken off. */
  body: Buffer;
  text: string;
  /** The data of the events, in order (LF, CRLF or CR line ends). */
  events: string[];
  /** The last chunk came, or as many bytes as Content-Length says. */
  finished: boolean;
  /** "fin", "rst" (or another error code), "open" when the wait ended first. */
  end: string;
}

/**
 * Sends one request on a connection of its own and reads until the body is finished, the connection ends, or
 * `waitMs` are over.
 */
export function askRaw(
  url: string,
  body: unknown,
  options: { path?: string; waitMs?: number; ca?: string; untilEnd?: boolean } = {},
): Promise<RawAnswer> {
  const { hostname, port, protocol } = new URL(url);
  const payload = JSON.stringify(body);
  const where = { host: hostname, port: Number(port) };
  const socket = protocol === "https:" ? connectTls({ ...where, ca: options.ca }) : connect(where);
  const parts: Buffer[] = [];
  return new Promise((resolve) => {
    const finish = (end: string): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(toAnswer(Buffer.concat(parts), end));
    };
    const timer = setTimeout(() => finish("open"), options.waitMs ?? 20_000);
    socket.on("data", (part: Buffer) => {
      parts.push(part);
      if (options.untilEnd !== true && isFinished(parts)) finish("open");
    });
    socket.on("end", () => finish("fin"));
    socket.on("error", (error: NodeJS.ErrnoException) =>
      finish(error.code === "ECONNRESET" ? "rst" : (error.code ?? error.message)),
    );
    socket.write(
      `POST ${options.path ?? "/v1/chat/completions"} HTTP/1.1\r\nHost: ${hostname}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${Buffer.byteLength(payload)}\r\n\r\n${payload}`,
    );
  });
}

/** The last chunk came, or as many bytes as Content-Length says. */
function isFinished(parts: Buffer[]): boolean {
  const head = (parts[0] ?? Buffer.alloc(0)).toString("latin1");
  const length = /\r\ncontent-length: (\d+)\r\n/i.exec(head)?.[1];
  if (length === undefined) {
    const bytes = Buffer.concat(parts);
    // A header can end like the last chunk does, and on a busy machine comes alone.
    return bytes.subarray(-5).toString("latin1") === "0\r\n\r\n" && toAnswer(bytes, "open").finished;
  }
  const received = parts.reduce((sum, part) => sum + part.length, 0);
  return received >= head.indexOf("\r\n\r\n") + 4 + Number(length);
}

function toAnswer(bytes: Buffer, end: string): RawAnswer {
  const headEnd = bytes.indexOf("\r\n\r\n");
  if (headEnd < 0) return { status: 0, headers: {}, body: bytes, text: "", events: [], finished: false, end };
  const [statusLine = "", ...lines] = bytes.subarray(0, headEnd).toString("latin1").split("\r\n");
  const headers = Object.fromEntries(
    lines.map((line): [string, string] => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()];
    }),
  );
  const rest = bytes.subarray(headEnd + 4);
  const { body, finished } =
    headers["transfer-encoding"] === "chunked"
      ? unchunk(rest)
      : { body: rest, finished: Number(headers["content-length"]) === rest.length };
  const text = body.toString("utf8");
  const events = text
    .replaceAll("\r\n", "\n")
    .replaceAll("\r", "\n")
    .replace(/^\uFEFF/, "")
    .split("\n\n")
    .filter((event) => event.startsWith("data: "))
    .map((event) => event.slice("data: ".length));
  return { status: Number(statusLine.split(" ")[1]), headers, body, text, events, finished, end };
}

function unchunk(bytes: Buffer): { body: Buffer; finished: boolean } {
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length; ) {
    const lineEnd = bytes.indexOf("\r\n", at);
    if (lineEnd < 0) break;
    const size = Number.parseInt(bytes.subarray(at, lineEnd).toString("latin1"), 16);
    if (size === 0) return { body: Buffer.concat(parts), finished: true };
    parts.push(bytes.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
  return { body: Buffer.concat(parts), finished: false };
}
