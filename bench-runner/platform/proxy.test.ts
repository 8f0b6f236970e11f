import { describe, expect, it } from "vitest";
import { proxyFor } from "./proxy.ts";

const through = (url: string, noProxy = "", more = {}) =>
  proxyFor(new URL(url), { http_proxy: "http://p:3128", HTTPS_PROXY: "q:3129", no_proxy: noProxy, ...more });

describe("the proxy of a request", () => {
  it("follows from its scheme; one without a scheme is reached by HTTP", () => {
    expect(through("http://h/v1")).toBe("http://p:3128");
    expect(through("https://h/v1")).toBe("http://q:3129");
    expect(proxyFor(new URL("https://h"), { http_proxy: "http://p:3128" })).toBeUndefined();
    expect(proxyFor(new URL("http://h"), { http_proxy: "", all_proxy: "http://p:1" })).toBeUndefined();
    expect(through("http://h", "", { HTTP_PROXY: "socks5://s:1080" })).toBe("socks5://s:1080");
  });

  it.each(["http://localhost:8080", "http://127.0.0.1", "http://127.9.9.9", "http://[::1]:8080"])(
    "is none for this machine: %s",
    (url) => expect(through(url)).toBeUndefined(),
  );

  const rows: [noProxy: string, url: string, isDirect: boolean][] = [
    ["*", "http://h", true],
    ["a, h ,b", "http://h", true],
    ["h", "http://x.h", true],
    ["h", "http://xh", false],
    [".h", "http://h", false],
    [".h", "http://x.h", true],
    ["*.h", "http://x.h", true],
    ["*.h", "http://h", false],
    ["H", "http://h", true],
    ["h:80", "http://h", true],
    ["h:81", "http://h", false],
    ["h:443", "https://h", true],
    ["10.0.0.0/8", "http://10.1.2.3", true],
    ["10.0.0.0/8", "http://11.1.2.3", false],
    ["10.0.0.0/99", "http://10.1.2.3", false],
    ["10.1.2.3", "http://10.1.2.3", true],
    ["10.1.2.3:81", "http://10.1.2.3", false],
    ["2.3", "http://10.1.2.3", false],
    ["fd00::/8", "http://[fd00::1]", true],
    ["fd00::1", "http://[fd00:0::1]", true],
    ["[fd00::1]:80", "http://[fd00::1]", true],
    ["[fd00::1]:81", "http://[fd00::1]", false],
    ["bücher.example", "http://xn--bcher-kva.example", true],
    [", ,:80", "http://h", false],
  ];
  it.each(rows)("`no_proxy=%s`, %s: straight %s", (noProxy, url, isDirect) => {
    expect(through(url, noProxy) === undefined).toBe(isDirect);
  });
});
