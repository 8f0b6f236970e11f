// The parts of a message of a chat completion: texts, images, tool calls.
import type { Message } from "../prompts/message.ts";

export interface Parts {
  texts: string[];
  /** URLs, which may contain the image. */
  images: string[];
}

interface ContentPart {
  type?: string;
  text?: string;
  image_url?: string | { url: string };
}

/** The texts and images of a message's content, each in their order. */
export function partsOf({ content }: Message): Parts {
  if (content === null) return { texts: [], images: [] };
  if (typeof content === "string") return { texts: content === "" ? [] : [content], images: [] };
  const parts = content as readonly ContentPart[];
  return {
    texts: parts.flatMap(({ text }) => text ?? []),
    images: parts.flatMap(({ image_url: image }) => (typeof image === "object" ? image.url : (image ?? []))),
  };
}

/** The content as one text. */
export function textOf(message: Message): string {
  return partsOf(message).texts.join("\n\n");
}

export interface ToolCall {
  id: string;
  name: string;
  /** JSON. */
  arguments: string;
}

/** The calls that an assistant's message makes. */
export function toolCallsOf(message: Message): ToolCall[] {
  const calls = (message.tool_calls ?? []) as { id?: string; function: Omit<ToolCall, "id"> }[];
  return calls.map(({ id = "", function: { name, arguments: text } }) => ({ id, name, arguments: text }));
}

/** The kind and the base64 text of an image inside a URL; undefined for the address of an image. */
export function readDataUrl(url: string): { mediaType: string; data: string } | undefined {
  const [, mediaType, data] = /^data:([^;,]+);base64,(.*)$/s.exec(url) ?? [];
  return mediaType === undefined || data === undefined ? undefined : { mediaType, data };
}
