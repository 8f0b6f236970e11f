// `--listen`: where the runner serves its own numbers while a run is going on. Pure.
import { BlockList, isIP } from "node:net";
import { EXIT } from "../platform/exit-codes.ts";
import { UserError } from "../platform/user-error.ts";

export interface ListenAddress {
  host: string;
  /** 0 for any free one. */
  port: number;
}

/** A port alone means this machine: the numbers of a run are private by default. */
const DEFAULT_HOST = "127.0.0.1";

const loopback = new BlockList();
loopback.addSubnet("127.0.0.0", 8, "ipv4");
loopback.addAddress("::1", "ipv6");

/** @throws UserError (usage) for what is neither a port nor HOST:PORT */
export function parseListen(text: string): ListenAddress {
  const wrong = (what: string) =>
    new UserError(
      `\`--listen\`: expected HOST:PORT or a port, such as \`127.0.0.1:9099\` (port 0 for a free one), got \`${text}\`${what}.`,
      EXIT.usage,
    );
  const [, bracketed, plain, digits] =
    /^(?:(?:\[([^[\]]*)\]|([^:[\]]*)):)?(\d{1,5})$/.exec(text.trim()) ?? [];
  if (digits === undefined) {
    const isBareIpv6 = isIP(text.replace(/:\d*$/, "")) === 6 || isIP(text) === 6;
    throw wrong(isBareIpv6 ? ": write an IPv6 address in brackets, as in `[::1]:9099`" : "");
  }
  const port = Number(digits);
  if (port > 65_535) throw wrong(": the highest port is 65535");
  if (bracketed !== undefined && isIP(bracketed) !== 6) throw wrong(": only an IPv6 address takes brackets");
  const host = bracketed ?? plain;
  // Elsewhere ":8080" means every address; here that has to be explicit.
  if (host === "") throw wrong(": the host is missing; `0.0.0.0` is every address of this machine");
  if (host !== undefined && !/^[\w.:%-]+$/.test(host)) throw wrong(": the host is invalid");
  return { host: host ?? DEFAULT_HOST, port };
}

/** Only this machine reaches the address. @param address an IP address, not a name */
export function isLoopback(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && loopback.check(address, family === 6 ? "ipv6" : "ipv4");
}

/** "127.0.0.1:9099", "[::1]:9099". */
export function toAuthority({ host, port }: ListenAddress): string {
  return `${isIP(host) === 6 ? `[${host}]` : host}:${port}`;
}
