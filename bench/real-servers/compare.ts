// Compares the journal of a run with what passed at the proxy: requests, their bytes, and the bytes of their answers. Pure.
import { type Endpoint, pathOf } from "../../lib/core/apis/apis.ts";
import type { RequestLine } from "../../lib/core/request/facts.ts";
import type { Exchange } from "./counting-proxy.ts";

export interface Comparison {
  /** Bodies of answers at the proxy. */
  bytes: number;
  problems: string[];
}

/**
 * Only requests to the API's path are compared: what the runner asks beside the load has paths of its own. A request that met
 * a connection which the server had just closed was sent again; its first copy got no answer, and the journal says so.
 */
export function compareWithProxy(
  records: readonly Pick<RequestLine, "bytes" | "requestBytes" | "retried">[],
  exchanges: readonly Exchange[],
  { endpoint, isSync, aborts }: { endpoint: Endpoint; isSync: boolean; aborts: boolean },
): Comparison {
  const path = pathOf({ endpoint, mode: isSync ? "sync" : "stream" });
  const seen = exchanges.filter(({ request }) => request.line === `POST ${path} HTTP/1.1`);
  const answered = seen.filter(({ answer }) => answer !== undefined);
  const unanswered = seen.length - answered.length;
  const retried = records.filter((record) => record.retried).length;
  const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);
  const compare = (what: string, own: number, proxy: number) =>
    own === proxy ? [] : [`${what}: ${own} in the journal, ${proxy} at the proxy`];
  const bytes = sum(answered.map(({ answer }) => answer?.bodyBytes ?? 0));
  const left = answered.filter(({ leftByClient }) => leftByClient).length;
  return {
    bytes,
    problems: [
      ...compare("requests", records.length, answered.length),
      ...(unanswered <= retried
        ? []
        : [
            `${unanswered} requests got no answer at the proxy, the journal has ${retried} that were sent again`,
          ]),
      ...compare(
        "bytes of requests",
        sum(records.map(({ requestBytes }) => requestBytes)),
        sum(answered.map(({ request }) => request.bodyBytes)),
      ),
      // After a client has left, the proxy may still have got more than the client.
      ...(aborts ? [] : compare("bytes of answers", sum(records.map((record) => record.bytes)), bytes)),
      ...(aborts
        ? compare("aborts", records.length, left)
        : compare("connections left in an answer", 0, left)),
    ],
  };
}
