// A server's command with its port chosen and its placeholders filled in: what is run, and where it answers.
import { baseUrl } from "../../../lib/core/apis/url.ts";
import {
  fillLine,
  fillUrl,
  hasPlaceholder,
  type ServerCommand,
  toCommandName,
} from "../../config/server-command.ts";
import { isLocalUrl } from "../../platform/local-url.ts";
import { UserError } from "../../platform/user-error.ts";
import { toServerUrl } from "./server-args.ts";
import { choosePort } from "./server-port.ts";

export interface CommandPlan {
  kind: "command";
  /** Base URL that it will have. */
  url: string;
  name: string;
  /** Lines for the shell. */
  start: string;
  stop?: string;
  variables: Readonly<Record<string, string>>;
  /** Each is asked only where the server does not know the one before. */
  readyPaths: readonly string[];
  /** Absent: the run's own. */
  readyTimeoutSeconds?: number;
}

export interface CommandPlace {
  host: string;
  /** The one asked for; undefined for a free one. */
  port: number | undefined;
  model: string | undefined;
}

const DEFAULT_READY_PATHS = ["/health", "/v1/models"];

/** @throws UserError when the port is in use, or neither the command nor an option names it */
export async function planCommand(command: ServerCommand, place: CommandPlace): Promise<CommandPlan> {
  const fixed = command.url !== undefined && !hasPlaceholder(command.url, "port");
  const asks = [command.start, command.url ?? ""].some((text) => hasPlaceholder(text, "port"));
  if (!fixed && !asks && place.port === undefined) {
    throw new UserError(
      "The server's command has no `{port}`, so it is unknown where it will answer. Write `{port}` where it takes its port, or give the address with `--port` or `--url`.",
    );
  }
  const port = fixed ? await checkFixed(command.url as string) : await choosePort(place.host, place.port);
  const values = {
    host: place.host,
    port: String(port),
    ...(place.model !== undefined && { model: place.model }),
  };
  const url =
    command.url === undefined ? toServerUrl({ host: place.host, port }) : fillUrl(command.url, values);
  const { path, timeoutSeconds } = command.ready ?? {};
  return {
    kind: "command",
    url: baseUrl(url),
    name: command.name ?? toCommandName(command.start),
    start: fillLine(command.start, values),
    ...(command.stop !== undefined && { stop: fillLine(command.stop, values) }),
    variables: command.env ?? {},
    readyPaths: path === undefined ? DEFAULT_READY_PATHS : [path],
    ...(timeoutSeconds !== undefined && { readyTimeoutSeconds: timeoutSeconds }),
  };
}

/** The port of a complete address; on this machine it must be free, or another server would be measured. */
async function checkFixed(url: string): Promise<number> {
  const parsed = URL.parse(url);
  if (parsed === null)
    throw new UserError(`The server's \`url\` is not a URL: \`${url}\`. Write it as http://HOST:PORT.`);
  const port = Number(parsed.port) || (parsed.protocol === "https:" ? 443 : 80);
  return isLocalUrl(url) ? choosePort(parsed.hostname.replace(/^\[|\]$/g, ""), port) : port;
}
