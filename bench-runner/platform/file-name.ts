// The name of a file by its path.

/** The last part of the path, with `/` or `\\` between the parts: it may come from another machine. */
export function toFileName(path: string): string {
  return path.split(/[/\\]/).at(-1) ?? path;
}
