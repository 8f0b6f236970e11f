import { describe, expect, it } from "vitest";
import { fillLine, fillUrl, toCommandName } from "./server-command.ts";

const values = { host: "127.0.0.1", port: "8123", model: "my model's.gguf" };

describe("fillLine", () => {
  it.each([
    ["a place each", "serve --host {host} --port {port}", "serve --host 127.0.0.1 --port 8123"],
    ["the same place twice", "echo {port}; serve {port}", "echo 8123; serve 8123"],
    ["a model with a blank and a quote, for the shell", "serve {model}", "serve 'my model'\\''s.gguf'"],
    [
      "braces of the shell and of JSON",
      `serve \${HOME} {a,b} '{"x":1}' {Port}`,
      `serve \${HOME} {a,b} '{"x":1}' {Port}`,
    ],
  ])("%s", (_, line, expected) => {
    expect(fillLine(line, values)).toBe(expected);
  });

  it("leaves the model's place where no model is known", () => {
    expect(fillLine("serve {model} {port}", { host: "h", port: "1" })).toBe("serve {model} 1");
  });

  it("fills a URL without quotes", () => {
    expect(fillUrl("http://{host}:{port}/a b", values)).toBe("http://127.0.0.1:8123/a b");
  });
});

describe("toCommandName", () => {
  it.each([
    ["python serve.py --port {port}", "serve.py"],
    ["CUDA_VISIBLE_DEVICES=1 exec /opt/env/bin/python3.11 -u ./app/serve.py", "serve.py"],
    ["vllm serve {model}", "vllm"],
    ["uv run uvicorn app:app --port {port}", "uvicorn"],
    ["bash ./start_server.sh", "start_server.sh"],
    ['"/usr/bin/node" "/srv/server.ts"', "server.ts"],
    ["python", "python"],
    ["", "server"],
  ])("%s is called %s", (command, name) => {
    expect(toCommandName(command)).toBe(name);
  });
});
