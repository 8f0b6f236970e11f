import { expect, it } from "vitest";
import { readDumps } from "./read-dumps.ts";

const line = (msg: string, level = "info") => JSON.stringify({ level, msg, time: "2026-01-01T00:00:00Z" });

it("takes requests and responses from k6's log and skips everything else", () => {
  const log = [
    line("Request:\nPOST /v1 HTTP/1.1\nHost: h\n\n{}\n"),
    line("Response:\nHTTP/1.1 307 Temporary Redirect\nLocation: http://h:1/v2\n\n\n"),
    "no JSON at all",
    line('Request:\nPOST /v2 HTTP/1.1\nHost: h:1\nX-Colons: a: b\n\n{"a":"\\n"}\n'),
    line("Response:\nHTTP/1.1 200 OK\nContent-Type: text/plain\n\n\n"),
    line("Response body:\ndata: 1\n\ndata: 2\n\n\n"),
    line("a mistake", "error"),
  ].join("\n");
  expect(readDumps(log)).toEqual({
    hops: [
      {
        request: { line: "POST /v1 HTTP/1.1", headers: [["Host", "h"]], body: "{}" },
        response: { line: "HTTP/1.1 307 Temporary Redirect", headers: [["Location", "http://h:1/v2"]] },
      },
      {
        request: {
          line: "POST /v2 HTTP/1.1",
          headers: [
            ["Host", "h:1"],
            ["X-Colons", "a: b"],
          ],
          body: '{"a":"\\n"}',
        },
        response: { line: "HTTP/1.1 200 OK", headers: [["Content-Type", "text/plain"]] },
      },
    ],
    body: "data: 1\n\ndata: 2\n\n",
    errors: ["a mistake"],
  });
});

it("has no answer where none came", () => {
  expect(readDumps(line("Request:\nGET / HTTP/1.1\n\n\n"))).toEqual({
    hops: [{ request: { line: "GET / HTTP/1.1", headers: [], body: "" } }],
    errors: [],
  });
});
