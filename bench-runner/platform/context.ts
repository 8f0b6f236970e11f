// What a command gets from the program: the environment, and its outputs. Known secrets, control characters and
// commands of CI systems are never written.
import { hideIn } from "../../lib/core/apis/headers.ts";
import { hideUrlsIn } from "../../lib/core/apis/url-secrets.ts";
import { toHarmlessText } from "./plain-text.ts";
import { wrapLines } from "./terminal-text.ts";

export type Variables = Readonly<Record<string, string | undefined>>;

export interface Context {
  variables: Variables;
  /** Writes a line of notices, warnings or errors: standard error. */
  say: (text: string) => void;
  /** Writes a line of the result: standard output. */
  print: (text: string) => void;
  /** The text without the secrets that are known. */
  hidden: (text: string) => string;
}

/** Takes what `--quiet` leaves out. */
export function toNotice({ quiet }: { quiet: boolean }, say: Context["say"]): Context["say"] {
  return quiet ? () => {} : say;
}

/** The context of the whole program, through which everything is written. Commands pass it on. */
export interface ProgramContext extends Context {
  /** Adds texts that are hidden in all that is said and printed from now on: a server or a file may repeat a key. */
  hide: (secrets: readonly string[]) => void;
}

interface Sink {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

/** @param to where lines go */
export function createContext(variables: Variables, to: { stdout: Sink; stderr: Sink }): ProgramContext {
  const secrets = new Set<string>();
  const hidden = (text: string) => hideIn(hideUrlsIn(text), [...secrets]);
  const write = (sink: Sink, text: string) => void sink.write(`${toHarmlessText(hidden(text))}\n`);
  // A terminal would break a sentence inside a word. Results have their own layout.
  const fit = (text: string) =>
    to.stderr.isTTY && to.stderr.columns ? wrapLines(text, to.stderr.columns) : text;
  return {
    variables,
    // Hidden first: a line break must not divide a secret.
    say: (text) => write(to.stderr, fit(hidden(text))),
    print: (text) => write(to.stdout, text),
    hidden,
    hide: (texts) => {
      for (const text of texts) secrets.add(text);
    },
  };
}
