// Server-sent events as bytes on the wire.

const lineEnds = { lf: "\n", crlf: "\r\n", cr: "\r" } as const;

export type LineEnd = keyof typeof lineEnds;

/** @returns one event: `data: …` and an empty line. */
export function toEventText(data: string, lineEnd: LineEnd = "lf"): string {
  const end = lineEnds[lineEnd];
  return `data: ${data}${end}${end}`;
}

/** @returns a ping: a comment line and an empty line. */
export function toPingText(lineEnd: LineEnd = "lf"): string {
  const end = lineEnds[lineEnd];
  return `:${end}${end}`;
}
