// Questions as menus, for a terminal that can move its cursor. They go to stderr.
import { isCancel, log, note, select, text } from "@clack/prompts";
import { type Asker, type Choice, Left, type Line } from "./asker.ts";

export interface AskerStreams {
  input: NodeJS.ReadStream;
  output: NodeJS.WriteStream;
  /** Aborted when the user, or the end of the process, stops the questions. */
  signal: AbortSignal;
}

function toAnswer<T>(answer: T): Exclude<T, symbol> {
  if (isCancel(answer)) throw new Left();
  return answer as Exclude<T, symbol>;
}

export function openClackAsker({ input, output, signal }: AskerStreams): Asker {
  // The library's own prompts know Ctrl-C and Escape; without this, Ctrl-D would leave one that hears nothing any more.
  const ended = new AbortController();
  const onKey = (_: string | undefined, key: { ctrl?: boolean; name?: string } | undefined) => {
    if (key?.ctrl && key.name === "d") ended.abort();
  };
  input.on("keypress", onKey);
  const common = { input, output, signal: AbortSignal.any([signal, ended.signal]) };
  return {
    async choose<T>(question: string, choices: readonly Choice<T>[]): Promise<T> {
      const options = choices.map(({ label, hint }, value) => ({ value, label, ...(hint && { hint }) }));
      const index = toAnswer(await select<number>({ message: question, options, ...common }));
      return (choices[index] as Choice<T>).value;
    },
    async type(question: string, { fallback, check }: Line): Promise<string> {
      const answer = await text({
        message: question,
        ...(fallback !== undefined && { placeholder: fallback, defaultValue: fallback }),
        validate: (typed) => check(typed?.trim() || fallback || ""),
        ...common,
      });
      return (toAnswer(answer) ?? "").trim();
    },
    show: (heading, lines) => note(lines.join("\n"), heading, { output, format: (line) => line }),
    say: (words) => log.message(words, { output }),
    // Without the library's line at the left, which would be copied as well.
    offer: (heading, command) => {
      log.message(heading, { output });
      output.write(`\n${command}\n\n`);
    },
    close: () => void input.off("keypress", onKey),
  };
}
