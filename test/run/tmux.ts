// A real terminal for a program: tmux with a server of its own, its keys and its screen.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
import { quoteWord } from "../../bench-runner/platform/shell-word.ts";
import { makeFolder } from "./k6-run.ts";

export interface TerminalOptions {
  tmux: string;
  columns?: number;
  /** A shell line; its exit code is shown as "exit code N" when it ends. */
  command: string;
  /** The whole environment, besides PATH and HOME. */
  env: Record<string, string>;
  /** Where it runs. */
  folder: string;
}

export interface Terminal {
  /** Process id of the shell in it. */
  pid: number;
  /** Key names as tmux has them ("Enter", "C-c", "Down"), or texts. */
  press(...keys: string[]): Promise<void>;
  /** What is and was on the screen; lines that the terminal broke are whole again. */
  screen(): Promise<string>;
  /** All bytes that were written to it, codes included. */
  raw(): string;
  /** Waits until the screen matches, at most 30 s. @returns the screen */
  until(pattern: RegExp): Promise<string>;
  end(): Promise<void>;
}

export async function openTerminal(options: TerminalOptions): Promise<Terminal> {
  const { tmux, columns = 80, command, env, folder } = options;
  const own = makeFolder();
  const rawPath = join(own, "raw");
  writeFileSync(rawPath, "");
  const words = Object.entries({ PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "/", ...env });
  const script = join(own, "command.sh");
  const isWatched = join(own, "is-watched");
  const prefix = ["env", "-i", ...words.map(([name, text]) => quoteWord(`${name}=${text}`))].join(" ");
  // The shell must outlive Ctrl-C, which reaches it as well.
  writeFileSync(
    script,
    [
      "trap : INT",
      // Nothing that it prints may come before the pipe.
      `while [ ! -e ${quoteWord(isWatched)} ]; do sleep 0.02; done`,
      `${prefix} ${command}`,
      'echo "exit code $?"',
      "exec cat > /dev/null",
      "",
    ].join("\n"),
  );
  const inTmux = (...args: string[]) =>
    execa(tmux, ["-u", "-S", join(own, "tmux"), "-f", "/dev/null", ...args]);
  await inTmux(
    "new-session",
    "-d",
    "-x",
    String(columns),
    "-y",
    "60",
    "-c",
    folder,
    `sh ${quoteWord(script)}`,
  );
  await inTmux("pipe-pane", "-o", `cat >> ${quoteWord(rawPath)}`);
  writeFileSync(isWatched, "");
  const { stdout } = await inTmux("display-message", "-p", "#{pane_pid}");
  const screen = async () => (await inTmux("capture-pane", "-p", "-J", "-S", "-500")).stdout;
  return {
    pid: Number(stdout),
    press: async (...keys) => void (await inTmux("send-keys", ...keys)),
    screen,
    raw: () => readFileSync(rawPath, "utf8"),
    async until(pattern) {
      for (let tries = 0; tries < 600; tries++) {
        const text = await screen();
        if (pattern.test(text)) return text;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      throw new Error(`${pattern} did not come within 30 s:\n${await screen()}`);
    },
    end: async () => void (await inTmux("kill-server").catch(() => {})),
  };
}
