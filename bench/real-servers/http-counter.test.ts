import { describe, expect, test } from "vitest";
import { HttpCounter } from "./http-counter.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
const chunked =
  "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\ndata:\r\n3;x=1\r\n\r\n\n\r\n0\r\n\r\n";
const sized = "HTTP/1.1 400 Bad Request\r\ncontent-length: 4\r\n\r\noops";

describe("HttpCounter", () => {
  test.each([1, 2, 7, 1000])("counts answers that come %i bytes at a time", (size) => {
    const counter = new HttpCounter(true);
    const all = bytes(`HTTP/1.1 100 Continue\r\n\r\n${chunked}${sized}HTTP/1.1 204 No Content\r\n\r\n`);
    for (let at = 0; at < all.length; at += size) counter.push(all.slice(at, at + size));
    expect(counter.messages).toEqual([
      { line: "HTTP/1.1 200 OK", bodyBytes: 8, isWhole: true },
      { line: "HTTP/1.1 400 Bad Request", bodyBytes: 4, isWhole: true },
      { line: "HTTP/1.1 204 No Content", bodyBytes: 0, isWhole: true },
    ]);
  });

  test("counts requests, those without a body too", () => {
    const counter = new HttpCounter(false);
    counter.push(
      bytes("GET /v1/models HTTP/1.1\r\nhost: x\r\n\r\nPOST /v1/x HTTP/1.1\r\nContent-Length: 2\r\n\r\n{}"),
    );
    expect(counter.messages.map(({ line, bodyBytes }) => [line, bodyBytes])).toEqual([
      ["GET /v1/models HTTP/1.1", 0],
      ["POST /v1/x HTTP/1.1", 2],
    ]);
  });

  test("an answer without a length ends with its connection; one that is cut off is not whole", () => {
    const endless = new HttpCounter(true);
    endless.push(bytes("HTTP/1.0 200 OK\r\n\r\nsome text"));
    expect(endless.messages[0]).toMatchObject({ bodyBytes: 9, isWhole: false });
    endless.close();
    expect(endless.messages[0]?.isWhole).toBe(true);
    const cut = new HttpCounter(true);
    cut.push(bytes(chunked.slice(0, -10)));
    cut.close();
    expect(cut.messages[0]?.isWhole).toBe(false);
  });
});
