// The addresses of a server, from the URL that the user gives: a host, or a base with a path of its own.

/** "/v1", "/v4", "/v1beta": a base that ends so has its version already. */
const VERSION = /\/v\d+(?:(?:alpha|beta)\d*)?$/;

interface Parts {
  /** With user name and password: "https://host:8080". */
  origin: string;
  /** Without slashes at its end: "", "/v1", "/openai/deployments/x". */
  path: string;
  /** "?api-version=1", or "". */
  query: string;
}

function split(url: string): Parts {
  const [, scheme = "http", host = "", path = "", query = ""] =
    /^(https?):\/\/([^/?#]*)([^?#]*)(\?[^#]*)?/i.exec(url.trim()) ?? [];
  const parts = { origin: `${scheme.toLowerCase()}://${host}`, path: path.replace(/\/+$/, "") };
  return { ...parts, query: query === "?" ? "" : query };
}

/** Without path and query where the path is the version alone: what a run calls its server. */
export function baseUrl(url: string): string {
  const { origin, path, query } = split(url);
  return origin + (path === "/v1" ? "" : path) + query;
}

/** Without the version, slashes at the end and query: the server's root. */
export function rootUrl(url: string): string {
  const { origin, path } = split(url);
  return origin + path.replace(VERSION, "");
}

/**
 * Where a request goes. The version of a path is left out where the base has a path of its own, such as `/api/paas/v4` and
 * `/openai/deployments/x`; the query stays behind the path.
 * @param path for example "/v1/chat/completions"; without `/v1` it is below the root: "/metrics"
 */
export function endpointUrl(url: string, path: string): string {
  const { origin, path: base, query } = split(url);
  const isVersioned = base !== "" && path.startsWith("/v1/");
  const whole = isVersioned ? base + path.slice("/v1".length) : base.replace(VERSION, "") + path;
  return origin + whole + query;
}

/** The URL of an endpoint of the versioned API. @param path for example "/chat/completions" */
export function apiUrl(url: string, path: string): string {
  return endpointUrl(url, `/v1${path}`);
}

/** Whether the base has a path of its own without a version: only the server can tell whether its API has one. */
export function isVersionOpen(url: string): boolean {
  const { path } = split(url);
  return path !== "" && !VERSION.test(path);
}

/** The same base with a version behind its path. */
export function withVersion(url: string): string {
  const { origin, path, query } = split(url);
  return `${origin}${path}/v1${query}`;
}
