import { describe, expect, it } from "vitest";
import { readPasted } from "./pasted-url.ts";
import { baseUrl, endpointUrl, isVersionOpen, rootUrl, withVersion } from "./url.ts";

describe("where a request goes", () => {
  const rows: [url: string, chat: string, metrics: string][] = [
    ["http://h:8080", "http://h:8080/v1/chat/completions", "http://h:8080/metrics"],
    ["http://h:8080/v1/", "http://h:8080/v1/chat/completions", "http://h:8080/metrics"],
    ["HTTP://h/", "http://h/v1/chat/completions", "http://h/metrics"],
    [" https://h/llm/v1 ", "https://h/llm/v1/chat/completions", "https://h/llm/metrics"],
    // A path of its own is taken as it is.
    ["https://h/api/paas/v4", "https://h/api/paas/v4/chat/completions", "https://h/api/paas/metrics"],
    [
      "https://h/v1beta/openai",
      "https://h/v1beta/openai/chat/completions",
      "https://h/v1beta/openai/metrics",
    ],
    ["https://h/llm", "https://h/llm/chat/completions", "https://h/llm/metrics"],
    // The query stays behind the path.
    [
      "https://h/openai/deployments/x?api-version=2024-06-01",
      "https://h/openai/deployments/x/chat/completions?api-version=2024-06-01",
      "https://h/openai/deployments/x/metrics?api-version=2024-06-01",
    ],
    ["https://h/v1?a=1#top", "https://h/v1/chat/completions?a=1", "https://h/metrics?a=1"],
    ["http://h?", "http://h/v1/chat/completions", "http://h/metrics"],
    ["http://[::1]:8080/v1", "http://[::1]:8080/v1/chat/completions", "http://[::1]:8080/metrics"],
    ["http://me:p@h/v1", "http://me:p@h/v1/chat/completions", "http://me:p@h/metrics"],
  ];
  it.each(rows)("%s", (url, chat, metrics) => {
    expect(endpointUrl(url, "/v1/chat/completions")).toBe(chat);
    expect(endpointUrl(url, "/metrics")).toBe(metrics);
    expect(endpointUrl(baseUrl(url), "/v1/chat/completions")).toBe(chat);
    expect(rootUrl(url)).toBe(metrics.replace(/\/metrics.*/, ""));
  });

  it("may have a version that only the server knows", () => {
    expect(isVersionOpen("http://h/llm?a=1")).toBe(true);
    expect(withVersion("http://h/llm/?a=1")).toBe("http://h/llm/v1?a=1");
    for (const url of ["http://h", "http://h/v1", "http://h/a/v4"]) expect(isVersionOpen(url)).toBe(false);
  });
});

describe("a pasted endpoint", () => {
  const rows: [url: string, base: string, endpoint: string | undefined][] = [
    ["http://h/v1/chat/completions", "http://h", "chat"],
    ["http://h/v1/completions/", "http://h", "completions"],
    ["https://h/llm/v1/messages", "https://h/llm/v1", "messages"],
    ["https://h/api/paas/v4/chat/completions", "https://h/api/paas/v4", "chat"],
    [
      "https://h/openai/deployments/x/chat/completions?api-version=1",
      "https://h/openai/deployments/x?api-version=1",
      "chat",
    ],
    ["http://h:11434/api/chat", "http://h:11434", "ollama"],
    ["http://h/completion", "http://h", "completion"],
    ["http://h/v1", "http://h/v1", undefined],
    ["http://h/completions-proxy", "http://h/completions-proxy", undefined],
  ];
  it.each(rows)("%s", (url, base, endpoint) => {
    expect(readPasted(url)).toEqual({ base, ...(endpoint && { endpoint }) });
  });
});
