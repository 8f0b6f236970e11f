// Replaces the text between two markers of a Markdown file. Pure.

/**
 * @param text has `<!-- NAME -->` and `<!-- /NAME -->` once each
 * @throws Error when it has not
 */
export function replaceMarked(text: string, name: string, content: string): string {
  const [open, close] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const start = text.indexOf(open);
  const end = text.indexOf(close);
  if (start < 0 || end < start) throw new Error(`expected the lines \`${open}\` and \`${close}\``);
  return `${text.slice(0, start + open.length)}\n${content}\n${text.slice(end)}`;
}
