import { describe, expect, it } from "vitest";
import { parseLitellmConfig, readLitellmConfig } from "./litellm-config.ts";

const CONFIG = `
model_list:
  - model_name: local-qwen
    litellm_params:
      model: hosted_vllm/Qwen/Qwen3-8B
      api_base: http://gpu-1:8000/v1
      api_key: sk-planted
  - model_name: local-qwen # a second deployment of the same name
    litellm_params: { model: hosted_vllm/Qwen/Qwen3-8B, api_base: "http://gpu-2:8000/v1" }
  - model_name: gpt-4o
    litellm_params: { model: openai/gpt-4o, api_key: os.environ/OPENAI_API_KEY }
  - model_name: "openai/*"
    litellm_params: { model: "openai/*" }
litellm_settings:
  drop_params: true
`;

describe("a configuration of LiteLLM", () => {
  it("names each model once, and no wildcard", () => {
    expect(parseLitellmConfig(CONFIG, "c.yaml")).toEqual({
      names: ["local-qwen", "gpt-4o"],
      source: "`c.yaml`",
    });
  });

  const wrong: [string, string, RegExp][] = [
    ["no YAML", "model_list: [\n  api_key: sk-planted: x", /it is no YAML \(line \d+\)/],
    ["something else", "models: [a]", /`model_list` is missing/],
    ["nothing", "", /`model_list` is missing/],
    ["only wildcards", 'model_list: [{model_name: "*"}]', /names no model/],
  ];
  it.each(wrong)("%s is one clear sentence, without a line of the file", (_, text, message) => {
    const parse = () => parseLitellmConfig(text, "c.yaml");
    expect(parse).toThrow(message);
    expect(parse).not.toThrow(/sk-planted/);
  });

  it("a file that is not there is named", () => {
    expect(() => readLitellmConfig("/nowhere.yaml")).toThrow(
      /`\/nowhere.yaml` cannot be read: it does not exist/,
    );
  });
});
