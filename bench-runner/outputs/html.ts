// HTML as a tagged template: every value is escaped as text unless it is HTML made by the same tag.
import { withoutControl } from "../platform/plain-text.ts";

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

/** Escapes content and quoted attributes. Control characters, which HTML forbids, are replaced. */
export function escapeHtml(text: string): string {
  return withoutControl(text).replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}

/** JSON within a script element, without control characters: no text in it can end the element or begin a comment. */
export function toScriptJson(value: unknown): Html {
  const plain = withoutControl(JSON.stringify(value)).replace(CONTROL_ESCAPES, (sign) =>
    sign === "\\\\" ? sign : " ",
  );
  return new Html(plain.replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`));
}

/** How JSON writes control characters; an escaped backslash is matched so that what follows is not taken for one. */
const CONTROL_ESCAPES = /\\(?:\\|[bfr]|u00[01][0-9a-f])/g;
