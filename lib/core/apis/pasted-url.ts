// An address that ends in the path of an API, as people paste it from a document: its base, and which API it is. Pure.
import { apiOf, ENDPOINTS, type Endpoint } from "./apis.ts";
import { baseUrl } from "./url.ts";

interface End {
  /** The end of a path. */
  text: string;
  endpoint: Endpoint;
  /** What stays of it. */
  rest: string;
}

/** Ends of addresses, each with its API, the longest first: a base may have another version, or none. */
function toEnds(): End[] {
  const ends = ENDPOINTS.filter((endpoint) => !apiOf(endpoint).grpc).flatMap((endpoint): End[] => {
    const { path } = apiOf(endpoint);
    const [, short] = /^\/v1(\/.*)$/.exec(path) ?? [];
    if (short === undefined) return [{ text: path, endpoint, rest: "" }];
    return [
      { text: path, endpoint, rest: "/v1" },
      { text: short, endpoint, rest: "" },
    ];
  });
  return ends.sort((a, b) => b.text.length - a.text.length);
}

/** @returns the base of the address, and the API that it names; the address as it is where it names none */
export function readPasted(url: string): { base: string; endpoint?: Endpoint } {
  const [, place = "", query = ""] = /^([^?#]*)(\?[^#]*)?/.exec(baseUrl(url)) ?? [];
  const end = toEnds().find(({ text }) => place.endsWith(text));
  if (end === undefined) return { base: url };
  const kept = place.slice(0, place.length - end.text.length) + end.rest;
  return { base: baseUrl(kept + query), endpoint: end.endpoint };
}
