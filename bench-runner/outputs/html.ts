// HTML as a tagged template: every value is escaped as text unless it is HTML made by the same tag.

/** Text that may be inserted into a page unescaped. Only `html` and `trusted` make it. */
export class Html {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

type Part = string | number | Html | undefined | false | readonly Part[];

/** Escapes every value except `Html`; undefined and false become nothing, lists are joined. */
export function html(texts: TemplateStringsArray, ...parts: Part[]): Html {
  return new Html(texts.reduce((all, text, index) => `${all}${toHtml(parts[index - 1])}${text}`));
}

/** Turns words between backticks, as in a warning's remedy, into code. */
export function withCode(text: string): Html {
  const parts = text.split("`");
  // A last backtick without its pair stays as it is.
  if (parts.length % 2 === 0) parts.push(`${parts.splice(-2, 2).join("`")}`);
  return html`${parts.map((part, index) => (index % 2 === 1 ? html`<code>${part}</code>` : part))}`;
}

/** For text that this project itself has written: its style, its script. */
export function trusted(text: string): Html {
  return new Html(text);
}

function toHtml(part: Part): string {
  if (part === undefined || part === false) return "";
  if (part instanceof Html) return part.text;
  if (typeof part === "object") return part.map(toHtml).join("");
  return escapeHtml(String(part));
}

/** Escapes content and quoted attributes. Characters that HTML forbids (control characters) are replaced. */
export function escapeHtml(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these characters are not allowed in a page
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/g, "\ufffd")
      .replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`)
  );
}

/** JSON within a script element: no text in it can end the element or begin a comment. */
export function toScriptJson(value: unknown): Html {
  return new Html(
    JSON.stringify(value).replace(
      /[<>&\u2028\u2029]/g,
      (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, "0")}`,
    ),
  );
}
