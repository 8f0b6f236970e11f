// What of a shell line, and of the arguments of a program, must not be shown: keys behind flags, in variables, in headers, in
// addresses, and what looks like a key. Pure.
import { hideUrlsIn, secretsOfUrl, urlsIn } from "../../lib/core/apis/url-secrets.ts";
import { isSecretName } from "../../lib/core/secret-names.ts";

export const HIDDEN = "(set, not shown)";

/** A word of the shell: quoted parts, escaped signs and others, without a blank between them. */
const WORD = String.raw`(?:"(?:[^"\\]|\\.)*"?|'[^']*'?|\\.|[^\s'"\\;&|])+`;

/** A name before its value; the value is a lookahead, because it may be a name itself. */
const NAMED: readonly RegExp[] = [
  // --api-key x, --api-key=x, -token x
  new RegExp(String.raw`(?<![\w-])(--?[A-Za-z][\w.-]*)(?:=|[ \t]+(?!-))(?=(${WORD}))`, "dg"),
  // X_TOKEN=x
  new RegExp(String.raw`(?<!\w)([A-Za-z_]\w*)=(?=(${WORD}))`, "dg"),
  // 'X-Api-Key: x y', {"api_key": "x"}
  /(?<![\w-])([A-Za-z_][\w-]*)["']?[ \t]*:[ \t]*(?=("(?:[^"\\]|\\.)*"|'[^']*'|[^"',{}\s]+(?:[ \t]+[^"',{}\s]+)*))/dg,
];

/** Keys that are recognised by their form, or by the word before them. */
const KEYS: readonly RegExp[] = [
  /\bBearer[ \t]+([^\s"'`,;]+)/dgi,
  /\bBasic[ \t]+([A-Za-z0-9+/]{6,}=*)/dgi,
  /(?<![A-Za-z0-9])((?:sk-|hf_)[\w-]{4,})/dg,
  // curl -u name:password
  new RegExp(String.raw`(?<!\S)(?:-u|-U|--user|--proxy-user)[= \t]*(?=((?=[^\s]*:)${WORD}))`, "dg"),
];

/** What llama-server calls `--hf-token` for short. */
const SHORT_FLAG = "-hft";

type Span = [from: number, to: number];

/** A variable of the shell has the secret elsewhere; a hidden one is hidden already. */
function isPlain(value: string): boolean {
  return value !== "" && !/^["']?(\$|\((set|hidden)\b)/.test(value);
}

const isSecretFlag = (name: string, value: string) => name === SHORT_FLAG || isSecretName(name, value);

/** Where the secrets of a line are, in order, none within another. */
function findSpans(line: string): Span[] {
  const named = NAMED.flatMap((pattern) =>
    [...line.matchAll(pattern)].flatMap(({ 1: name = "", 2: value = "", indices }) =>
      isSecretFlag(name, value) && isPlain(value) ? [indices?.[2] as Span] : [],
    ),
  );
  const keys = KEYS.flatMap((pattern) =>
    [...line.matchAll(pattern)].flatMap(({ 1: value = "", indices }) =>
      isPlain(value) ? [indices?.[1] as Span] : [],
    ),
  );
  const spans: Span[] = [];
  for (const [from, to] of [...named, ...keys].sort(([a], [b]) => a - b)) {
    const last = spans.at(-1);
    if (last === undefined || from >= last[1]) spans.push([from, to]);
    else last[1] = Math.max(last[1], to);
  }
  return spans;
}

/** A shell line for people: `--api-key x`, `HF_TOKEN=x`, `-H 'Authorization: Bearer x'` without the x. */
export function hideLineSecrets(line: string): string {
  const text = hideUrlsIn(line);
  let shown = "";
  let at = 0;
  for (const [from, to] of findSpans(text)) {
    shown += text.slice(at, from) + HIDDEN;
    at = to;
  }
  return shown + text.slice(at);
}

/** The secrets of a shell line as the program gets them, without quotes: it may repeat them in its log. */
export function secretsOfLine(line: string): string[] {
  const values = findSpans(line).map(([from, to]) => line.slice(from, to));
  const plain = values.map((value) => value.replace(/\\(.)|["']/gs, "$1"));
  return [...urlsIn(line).flatMap(secretsOfUrl), ...values, ...plain];
}

/** Whether the value of this argument is the next one. */
function isFlagAlone(arg: string | undefined, next: string): boolean {
  return (
    arg !== undefined &&
    /^--?[A-Za-z][\w.-]*$/.test(arg) &&
    isSecretFlag(arg, next) &&
    !/^--?[A-Za-z]/.test(next)
  );
}

/** The arguments of a program, each of which may be a flag, its value, or both in one. */
export function hideSecretArgs(args: readonly string[]): string[] {
  return args.map((arg, index) => (isFlagAlone(args[index - 1], arg) ? HIDDEN : hideLineSecrets(arg)));
}

/** The secrets in the arguments of a program. */
export function secretsOfArgs(args: readonly string[]): string[] {
  return args.flatMap((arg, index) => (isFlagAlone(args[index - 1], arg) ? [arg] : secretsOfLine(arg)));
}
