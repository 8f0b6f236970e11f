// One request of the runner's own to the server that is measured, with its headers and its certificates.
import { readFileSync } from "node:fs";
import { Agent as HttpAgent, request as requestHttp } from "node:http";
import { Agent as HttpsAgent, request as requestHttps } from "node:https";
import { rootCertificates } from "node:tls";
import { type Access, OPEN_ACCESS } from "./access.ts";
import { systemReason, UserError } from "./user-error.ts";

export interface ServerAnswer {
  status: number;
  text: string;
}

export interface RequestOptions {
  timeoutMs: number;
  /** Sent by POST, as JSON. */
  body?: string;
  /** Besides those of the access. */
  headers?: Readonly<Record<string, string>>;
  signal?: AbortSignal;
}

const MOST_BYTES = 64 * 2 ** 20;
const MOST_REDIRECTS = 5;

const httpAgent = new HttpAgent({ keepAlive: true });
const httpsAgents = new Map<string, HttpsAgent>();

/** @throws UserError for a file of authorities that cannot be read */
function toHttpsAgent({ caFile, insecure }: Access): HttpsAgent {
  const key = `${insecure ?? false} ${caFile ?? ""}`;
  let agent = httpsAgents.get(key);
  if (agent === undefined) {
    const ca = caFile === undefined ? {} : { ca: [...rootCertificates, readAuthorities(caFile)] };
    agent = new HttpsAgent({ keepAlive: true, ...ca, ...(insecure && { rejectUnauthorized: false }) });
    httpsAgents.set(key, agent);
  }
  return agent;
}

function readAuthorities(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch (error) {
    throw new UserError(
      `The certificates in \`${path}\` cannot be read: ${systemReason(error)}. Give a PEM file with \`--ca-file\`.`,
    );
  }
}

/**
 * Sends it, and reads the whole answer; redirects are followed, without the headers where they lead to another host.
 * @throws the system's error where no answer comes; an error named "TimeoutError" where it takes too long; UserError for
 *   certificates that cannot be read
 */
export async function requestServer(
  url: string,
  access: Access,
  { timeoutMs, body, headers = {}, signal }: RequestOptions,
): Promise<ServerAnswer> {
  const limit = AbortSignal.timeout(timeoutMs);
  const until = signal === undefined ? limit : AbortSignal.any([signal, limit]);
  let target = new URL(url);
  let own: Access = access;
  for (let redirects = 0; ; redirects++) {
    const answer = await send(target, own, { body, headers, until });
    if (answer.location === undefined || redirects === MOST_REDIRECTS) return answer;
    const next = new URL(answer.location, target);
    if (next.host !== target.host) own = { ...own, headers: OPEN_ACCESS.headers };
    target = next;
  }
}

interface Sending {
  body: string | undefined;
  headers: Readonly<Record<string, string>>;
  until: AbortSignal;
}

function send(
  url: URL,
  access: Access,
  { body, headers, until }: Sending,
): Promise<ServerAnswer & { location?: string }> {
  const isTls = url.protocol === "https:";
  const request = isTls ? requestHttps : requestHttp;
  const options = {
    method: body === undefined ? "GET" : "POST",
    agent: isTls ? toHttpsAgent(access) : httpAgent,
    headers: {
      accept: "*/*",
      ...(body !== undefined && {
        "content-type": "application/json",
        "content-length": String(Buffer.byteLength(body)),
      }),
      ...headers,
      ...access.headers,
    },
    signal: until,
  };
  return new Promise((resolve, reject) => {
    // "AbortError" says only that somebody gave up: the signal knows why.
    const fail = (error: Error) => reject(until.aborted ? until.reason : error);
    const sent = request(url, options, (response) => {
      const pieces: Buffer[] = [];
      let bytes = 0;
      response.on("data", (piece: Buffer) => {
        bytes += piece.length;
        if (bytes > MOST_BYTES) response.destroy(new Error("the answer has no end"));
        else pieces.push(piece);
      });
      response.on("error", fail);
      response.on("end", () => {
        const { statusCode: status = 0, headers: answered } = response;
        const isRedirect = [301, 302, 303, 307, 308].includes(status) && answered.location !== undefined;
        resolve({
          status,
          text: Buffer.concat(pieces).toString("utf8"),
          ...(isRedirect && { location: answered.location as string }),
        });
      });
    });
    sent.on("error", (error: NodeJS.ErrnoException) => {
      // A kept connection that the server closed just then: once more, on a new one.
      const isStale = sent.reusedSocket && error.code === "ECONNRESET" && !until.aborted;
      if (isStale) resolve(send(url, access, { body, headers, until }));
      else fail(error);
    });
    sent.end(body);
  });
}

/** What went wrong below HTTP, in a word ("ECONNREFUSED"), or in a few. */
export function describeProblem(error: unknown): string {
  const { code, name, message } = error as { code?: string; name?: string; message?: string };
  if (name === "TimeoutError") return "no answer in time";
  return code ?? message ?? String(error);
}

/** What helps against it: certificates that are not trusted have options of their own. */
export function isCertificateProblem(problem: string): boolean {
  return /CERT|SELF_SIGNED|UNABLE_TO_VERIFY|ALTNAME|SIGNATURE/.test(problem);
}
