import { describe, expect, it } from "vitest";
import { isLoopback, parseListen, toAuthority } from "./listen-option.ts";

describe("--listen", () => {
  it.each([
    ["9099", "127.0.0.1", 9099],
    ["0", "127.0.0.1", 0],
    ["127.0.0.1:0", "127.0.0.1", 0],
    ["localhost:8080", "localhost", 8080],
    ["0.0.0.0:65535", "0.0.0.0", 65_535],
    ["[::1]:9099", "::1", 9099],
    ["bench-1.example.org:80", "bench-1.example.org", 80],
  ])("%s is port and host", (text, host, port) => {
    expect(parseListen(text)).toEqual({ host, port });
  });

  it.each([
    ["", "got ``"],
    ["here", "got `here`"],
    [":8080", "the host is missing"],
    ["127.0.0.1:", "expected HOST:PORT"],
    ["127.0.0.1:65536", "the highest port is 65535"],
    ["::1:9099", "in brackets, as in `[::1]:9099`"],
    ["::1", "in brackets"],
    ["[localhost]:1", "only an IPv6 address takes brackets"],
    ["http://127.0.0.1:1", "expected HOST:PORT"],
    ["a b:1", "the host is invalid"],
    ["-1", "expected HOST:PORT"],
  ])("%s is refused: %s", (text, message) => {
    expect(() => parseListen(text)).toThrow(message);
  });

  it("knows which addresses only this machine reaches", () => {
    expect(["127.0.0.1", "127.9.9.9", "::1"].map(isLoopback)).toEqual([true, true, true]);
    expect(["0.0.0.0", "::", "10.0.0.1", "192.168.1.2", "localhost"].map(isLoopback)).not.toContain(true);
  });

  it("puts an IPv6 address into brackets", () => {
    expect(toAuthority({ host: "::1", port: 80 })).toBe("[::1]:80");
    expect(toAuthority({ host: "127.0.0.1", port: 80 })).toBe("127.0.0.1:80");
  });
});
