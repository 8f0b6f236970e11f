// Counts what passes on one HTTP/1.1 connection, in one direction: messages, and the bytes of their bodies. Pure.
//
// It is written apart from the product's own readers on purpose: it is what they are compared with.

/** One request or answer. */
export interface Message {
  /** Its first line. */
  line: string;
  /** Without the framing of chunks. */
  bodyBytes: number;
  /** Its end was seen. */
  isWhole: boolean;
}

type State = "head" | "length" | "until-end" | "chunk-size" | "chunk" | "chunk-end" | "trailer";

export class HttpCounter {
  readonly messages: Message[] = [];
  readonly #isAnswer: boolean;
  #state: State = "head";
  #text = "";
  #left = 0;

  constructor(isAnswer: boolean) {
    this.#isAnswer = isAnswer;
  }

  /** @param bytes as they came, in order */
  push(bytes: Uint8Array): void {
    let at = 0;
    while (at < bytes.length) {
      const message = this.messages.at(-1);
      if (this.#state === "until-end" && message) {
        message.bodyBytes += bytes.length - at;
        return;
      }
      if ((this.#state === "length" || this.#state === "chunk") && message) {
        const taken = Math.min(this.#left, bytes.length - at);
        at += taken;
        this.#left -= taken;
        message.bodyBytes += taken;
        if (this.#left === 0 && this.#state === "chunk") this.#state = "chunk-end";
        else if (this.#left === 0) this.#finish(message);
        continue;
      }
      this.#text += String.fromCharCode(bytes[at] as number);
      at += 1;
      this.#readText();
    }
  }

  /** The connection was closed in order: an answer without a length is whole now. */
  close(): void {
    const message = this.messages.at(-1);
    if (this.#state === "until-end" && message) this.#finish(message);
  }

  #finish(message: Message): void {
    message.isWhole = true;
    this.#state = "head";
  }

  #readText(): void {
    const end = this.#state === "head" ? "\r\n\r\n" : "\r\n";
    if (!this.#text.endsWith(end)) return;
    const text = this.#text.slice(0, -end.length);
    this.#text = "";
    if (this.#state === "head") this.#begin(text);
    else if (this.#state === "chunk-end") this.#state = "chunk-size";
    else if (this.#state === "chunk-size") {
      this.#left = Number.parseInt(text, 16);
      this.#state = this.#left === 0 ? "trailer" : "chunk";
    } else if (this.#state === "trailer" && text === "") this.#finish(this.messages.at(-1) as Message);
  }

  #begin(head: string): void {
    const [line = "", ...headers] = head.split("\r\n");
    const find = (name: string) =>
      headers
        .find((header) => header.toLowerCase().startsWith(`${name}:`))
        ?.slice(name.length + 1)
        .trim();
    const status = this.#isAnswer ? Number(line.split(" ")[1]) : undefined;
    // 100 Continue is no answer yet.
    if (status !== undefined && status < 200) return;
    const message: Message = { line, bodyBytes: 0, isWhole: false };
    this.messages.push(message);
    const length = find("content-length");
    if (/chunked/i.test(find("transfer-encoding") ?? "")) this.#state = "chunk-size";
    else if (length !== undefined && Number(length) > 0) {
      this.#left = Number(length);
      this.#state = "length";
    } else if (length === undefined && this.#isAnswer && status !== 204 && status !== 304) {
      this.#state = "until-end";
    } else this.#finish(message);
  }
}
