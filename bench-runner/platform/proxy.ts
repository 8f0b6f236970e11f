// Which proxy a request goes through, by the variables that k6 and other programs obey. Pure.
//
// The rules are those of Go's net/http, which k6 has: https://pkg.go.dev/golang.org/x/net/http/httpproxy
import { BlockList, isIP } from "node:net";
import { domainToASCII } from "node:url";
import type { Variables } from "./context.ts";

const DEFAULT_PORTS: Readonly<Record<string, string>> = { "http:": "80", "https:": "443" };

function readAny(variables: Variables, name: string): string {
  return variables[name.toUpperCase()] || variables[name.toLowerCase()] || "";
}

/** Host and port of an entry of `no_proxy`: "h", "h:80", "[::1]:80", "::1". */
function splitPort(entry: string): { host: string; port: string } {
  const [, host = "", port = ""] = /^\[?([^[\]]*?)\]?:(\d+)$/.exec(entry) ?? [];
  // More colons than one, without brackets: an IPv6 address alone.
  const isPort = port !== "" && (entry.startsWith("[") || !host.includes(":"));
  return isPort ? { host, port } : { host: entry.replace(/^\[(.*)\]$/, "$1"), port: "" };
}

function isInNet(ip: string, cidr: string): boolean {
  const [net = "", prefix = ""] = cidr.split("/");
  const family = isIP(net) === 6 ? "ipv6" : "ipv4";
  if (isIP(net) === 0 || !/^\d+$/.test(prefix) || isIP(ip) !== isIP(net)) return false;
  if (Number(prefix) > (family === "ipv6" ? 128 : 32)) return false;
  const list = new BlockList();
  list.addSubnet(net, Number(prefix), family);
  return list.check(ip, family);
}

function isSameAddress(a: string, b: string): boolean {
  return isIP(a) !== 0 && isIP(a) === isIP(b) && isInNet(a, `${b}/${isIP(b) === 6 ? 128 : 32}`);
}

/** Whether an entry of `no_proxy` covers the host: by address or net, by name, or by the end of a name. */
function covers(entry: string, host: string, port: string): boolean {
  if (entry === "*") return true;
  if (entry.includes("/")) return isInNet(host, entry);
  const { host: name, port: onlyPort } = splitPort(entry);
  if (name === "" || (onlyPort !== "" && onlyPort !== port)) return false;
  if (isIP(name) !== 0) return isSameAddress(host, name);
  const plain = name.replace(/^\*(?=\.)/, "");
  const end = domainToASCII(plain.replace(/^\./, ""));
  if (end === "" || isIP(host) !== 0) return false;
  return host.endsWith(`.${end}`) || (!plain.startsWith(".") && host === end);
}

/** This machine: never through a proxy. */
function isLoopback(host: string): boolean {
  return host === "localhost" || (isIP(host) === 4 ? host.startsWith("127.") : isSameAddress(host, "::1"));
}

/** @returns the proxy's URL, with user name and password; undefined where the request goes straight to its server */
export function proxyFor(target: URL, variables: Variables): string | undefined {
  const given = readAny(variables, target.protocol === "https:" ? "https_proxy" : "http_proxy").trim();
  if (given === "") return undefined;
  const host = target.hostname.replace(/^\[(.*)\]$/, "$1").toLowerCase();
  const port = target.port || (DEFAULT_PORTS[target.protocol] ?? "");
  const entries = readAny(variables, "no_proxy").split(",");
  const isLeftOut = entries.some((entry) => {
    const text = entry.trim().toLowerCase();
    return text !== "" && covers(text, host, port);
  });
  if (isLoopback(host) || isLeftOut) return undefined;
  // A proxy without a scheme is one by HTTP.
  return /^[a-z][a-z0-9+.-]*:\/\/[^/]/i.test(given) ? given : `http://${given}`;
}
