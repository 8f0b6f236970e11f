// Where a path of the user's leads.

/** A relative path is meant from the folder in which the user stands, not from the script. */
export function toUserPath(path: string): string {
  const absolute = /^([/\\]|[A-Za-z]:[/\\])/.test(path);
  return absolute || __ENV.PWD === undefined ? path : `${__ENV.PWD}/${path}`;
}
