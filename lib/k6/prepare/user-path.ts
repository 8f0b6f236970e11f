// Resolves the user's paths.

/** A relative path starts from the current directory, not from the script. */
export function toUserPath(path: string): string {
  const absolute = /^([/\\]|[A-Za-z]:[/\\])/.test(path);
  return absolute || __ENV.PWD === undefined ? path : `${__ENV.PWD}/${path}`;
}
