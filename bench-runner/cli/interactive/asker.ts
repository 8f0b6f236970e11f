// The interface of the questions, so that menus and plain lines are interchangeable.

export interface Choice<T> {
  value: T;
  label: string;
  /** More about it, shorter than a line. */
  hint?: string;
}

export interface Line {
  /** What Enter alone means; absent where something must be typed. */
  fallback?: string;
  /** @returns what is wrong with the text: one sentence; undefined where it is right */
  check(text: string): string | undefined;
}

/** Every question may be left by Ctrl-C, and then throws `Left`. */
export interface Asker {
  /** @param choices the first is the default */
  choose<T>(question: string, choices: readonly Choice<T>[]): Promise<T>;
  type(question: string, line: Line): Promise<string>;
  /** Several lines under a heading. */
  show(heading: string, lines: readonly string[]): void;
  say(text: string): void;
  /** A command, alone on its line, to be copied. */
  offer(heading: string, command: string): void;
  close(): void;
}

/** The user quit. */
export class Left extends Error {}
