// Base64 of a text's UTF-8 bytes: k6's JavaScript has neither `btoa` nor `Buffer`. Pure.

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/** @throws URIError for half of a surrogate pair */
export function toBase64(text: string): string {
  const bytes = [...encodeURIComponent(text).matchAll(/%(..)|(.)/g)].map(([, hex, sign]) =>
    hex === undefined ? (sign as string).charCodeAt(0) : Number.parseInt(hex, 16),
  );
  let encoded = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const [first = 0, second, third] = bytes.slice(at, at + 3);
    const bits = (first << 16) | ((second ?? 0) << 8) | (third ?? 0);
    const digits = [18, 12, 6, 0].map((shift) => DIGITS[(bits >> shift) & 63]);
    encoded += digits
      .slice(0, third === undefined ? (second === undefined ? 2 : 3) : 4)
      .join("")
      .padEnd(4, "=");
  }
  return encoded;
}
