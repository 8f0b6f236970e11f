import { expect, it } from "vitest";
import { refuse } from "./request-guard.ts";

const get = (host?: string) => ({ method: "GET", headers: host === undefined ? {} : { host } });

it.each(["localhost", "LOCALHOST:9099", "127.0.0.1:9099", "127.0.0.1", "[::1]:9099"])(
  "on loopback %s is answered",
  (host) => {
    expect(refuse(get(host), "127.0.0.1")).toBeUndefined();
  },
);

it.each([
  undefined,
  "",
  "evil.example",
  "evil.example:9099",
  "127.0.0.1.evil.example",
  "10.0.0.1",
  "localhost.evil",
])("on loopback %s is refused", (host) => {
  expect(refuse(get(host), "127.0.0.1")).toMatchObject({ status: 403 });
  expect(refuse(get(host), "::1")).toMatchObject({ status: 403 });
});

it("an address that other machines reach may have any name", () => {
  expect(refuse(get("bench.example:9099"), "0.0.0.0")).toBeUndefined();
});

it.each(["POST", "HEAD", "PUT", "DELETE", "OPTIONS"])("%s is refused", (method) => {
  expect(refuse({ ...get("localhost"), method }, "127.0.0.1")).toMatchObject({ status: 405 });
});
