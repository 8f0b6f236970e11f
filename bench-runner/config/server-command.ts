// A server that a command of the user starts, with placeholders for values that only the run knows. Pure.
import { basename } from "node:path";
import { quoteWord } from "../platform/shell-word.ts";

/** `start`, `stop` and `url` may hold `{host}`, `{port}` and `{model}`. */
export interface ServerCommand {
  /** Where clients reach it; default `http://{host}:{port}`. */
  url?: string;
  /** One line for the shell. */
  start: string;
  ready?: {
    /** Answers 200 once the server is ready; default `/health`, and `/v1/models` where there is no `/health`. */
    path?: string;
    timeoutSeconds?: number;
  };
  /** One line for the shell that ends the server. With it, `start` may return while the server runs on. */
  stop?: string;
  /** Variables that `start` and `stop` get besides the user's own; their values are never shown. */
  env?: Readonly<Record<string, string>>;
  /** What results call it; default: by its command. */
  name?: string;
}

export interface Placeholders {
  host: string;
  port: string;
  /** Absent where it is unknown. */
  model?: string;
}

export const hasPlaceholder = (text: string, name: keyof Placeholders): boolean => text.includes(`{${name}}`);

/** The shell line with its placeholders filled in; other braces, as those of the shell and of JSON, stay. */
export function fillLine(line: string, values: Placeholders): string {
  return fill(line, values, (value) => quoteWord(value, { keepTilde: true }));
}

export function fillUrl(url: string, values: Placeholders): string {
  return fill(url, values, (value) => value);
}

function fill(text: string, values: Placeholders, show: (value: string) => string): string {
  return text.replace(/\{(host|port|model)\}/g, (placeholder, name: keyof Placeholders) => {
    const value = values[name];
    return value === undefined ? placeholder : show(value);
  });
}

/** Programs that only run another program or script. */
const RUNNERS = /^(exec|env|nohup|nice|time|sudo|uv|uvx|run|bash|sh|node|npx|bun|deno|python[\d.]*|py)$/;

/** The default name of a command: its program or script, such as "serve.py". Pure. */
export function toCommandName(start: string): string {
  const words = start
    .trim()
    .split(/\s+/)
    .map((word) => word.replace(/^["']|["']$/g, ""));
  const named = words.find((word) => !/^\w+=|^-/.test(word) && !RUNNERS.test(basename(word)));
  return basename(named ?? words[0] ?? "") || "server";
}
