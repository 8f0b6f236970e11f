// Paths of files, as `open` of k6 takes them.

/** A relative path starts from the current directory, not from the script. */
export function toUserPath(path: string): string {
  const absolute = /^([/\\]|[A-Za-z]:[/\\])/.test(path);
  return absolute || __ENV.PWD === undefined ? path : `${__ENV.PWD}/${path}`;
}

/** The path in an address `file://…`, whose blanks and letters beyond ASCII are written as `%20`. */
export function toFilePath(address: string): string {
  return decodeURIComponent(address.replace("file://", ""));
}
