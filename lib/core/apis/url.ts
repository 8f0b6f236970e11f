// The addresses of a server, from the URL prefix that the user gives, with or without `/v1`.

/** Without the API version and slashes at the end: the base of `/metrics`, `/props` and `/completion`. */
export function rootUrl(url: string): string {
  return url.replace(/\/+$/, "").replace(/\/v1$/, "");
}

/** The URL of an endpoint of the versioned API. @param path for example "/chat/completions" */
export function apiUrl(url: string, path: string): string {
  return `${rootUrl(url)}/v1${path}`;
}
