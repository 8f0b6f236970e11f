// Which addresses belong to this machine.

/** Whether a server at the URL runs on this machine, judged by its host name alone. */
export function isLocalUrl(url: string): boolean {
  const host = URL.parse(url)?.hostname ?? "";
  return host === "localhost" || host === "[::1]" || /^127\./.test(host);
}
