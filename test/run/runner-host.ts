// A process that runs the runner's bundle again and again, each time with its own arguments, folder and environment: the
// modules are loaded and compiled once. It ends when the test that started it does. See hosted-runner.ts.
import { pathToFileURL } from "node:url";

/** What the parent asks for. */
export interface HostedCommand {
  bundle: string;
  args: readonly string[];
  cwd: string;
  env: Readonly<Record<string, string>>;
}

/** What it gets when the command has ended. Both outputs then end with the mark. */
export interface HostedEnd {
  exitCode: number;
  mark: string;
}

let count = 0;

/** Runs the entry of the bundle once more; what it shares with other commands stays loaded. @returns its exit code */
function runOnce({ bundle, args, cwd, env }: HostedCommand): Promise<number> {
  for (const name of Object.keys(process.env)) delete process.env[name];
  Object.assign(process.env, env);
  process.chdir(cwd);
  process.argv = [process.execPath, bundle, ...args];
  const address = pathToFileURL(bundle);
  count += 1;
  address.searchParams.set("run", String(count));
  return new Promise((resolve, reject) => {
    process.exit = ((code?: number) => resolve(code ?? 0)) as typeof process.exit;
    import(address.href).catch(reject);
  });
}

function write(stream: NodeJS.WriteStream, text: string): Promise<void> {
  return new Promise((resolve) => stream.write(text, () => resolve()));
}

const exit = process.exit.bind(process);
process.on("disconnect", () => exit(0));
process.on("message", async (command: HostedCommand) => {
  const exitCode = await runOnce(command);
  // The entry adds one to each output; a process has one entry.
  for (const stream of [process.stdout, process.stderr]) stream.removeAllListeners("error");
  process.removeAllListeners("beforeExit");
  const mark = `\0end of run ${count}\n`;
  await Promise.all([write(process.stdout, mark), write(process.stderr, mark)]);
  process.send?.({ exitCode, mark } satisfies HostedEnd);
});
