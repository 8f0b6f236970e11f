// Requests and responses as they went over the wire, from k6's JSON log with `--http-debug=full`. Pure.

/** The head of a request or a response. */
export interface Head {
  /** "POST /v1/chat/completions HTTP/1.1", "HTTP/1.1 200 OK". */
  line: string;
  /** Name and value, in the original order; secrets are hidden. */
  headers: [string, string][];
}

/** One request with its response; each redirect adds one. */
export interface Hop {
  request: Head & { body: string };
  /** Absent without a response. */
  response?: Head;
}

export interface Dumps {
  hops: Hop[];
  /** Body of the last response as text, at most its first MiB. */
  body?: string;
  /** k6's error messages. */
  errors: string[];
}

interface LogLine {
  level?: string;
  msg?: string;
}

function parseLine(text: string): LogLine {
  try {
    return JSON.parse(text) as LogLine;
  } catch {
    return {};
  }
}

function toHead(dump: string): Head & { body: string } {
  const end = dump.indexOf("\n\n");
  const [line = "", ...rows] = (end < 0 ? dump : dump.slice(0, end)).split("\n");
  const headers = rows.flatMap((row): [string, string][] => {
    const colon = row.indexOf(":");
    return colon < 1 ? [] : [[row.slice(0, colon), row.slice(colon + 1).trim()]];
  });
  return { line, headers, body: end < 0 ? "" : dump.slice(end + 2).replace(/\n$/, "") };
}

/** @param log k6's log, one JSON object per line; other lines are skipped */
export function readDumps(log: string): Dumps {
  const dumps: Dumps = { hops: [], errors: [] };
  for (const { level, msg = "" } of log.split("\n").map(parseLine)) {
    if (level === "error" || level === "fatal") dumps.errors.push(msg);
    const [, kind, dump = ""] = /^(Request|Response|Response body):\n(.*)$/s.exec(msg) ?? [];
    const last = dumps.hops.at(-1);
    if (kind === "Request") dumps.hops.push({ request: toHead(dump) });
    else if (kind === "Response" && last !== undefined) {
      const { line, headers } = toHead(dump);
      last.response = { line, headers };
    } else if (kind === "Response body") dumps.body = dump.replace(/\n$/, "");
  }
  return dumps;
}
