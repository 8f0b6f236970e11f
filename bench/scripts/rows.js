// What a row costs a client when it is used: rows all over the file, read and parsed one by one.
import sse from "k6/x/sse";

const rows = sse.rows(__ENV.SERVER_BENCH_ROWS);

export const options = { vus: 1, iterations: 1 };

export default function () {
  const reads = 2000;
  let characters = 0;
  const startMs = sse.now();
  for (let i = 0; i < reads; i++) characters += rows[(i * 7919) % rows.length].prompt.length;
  const micros = ((sse.now() - startMs) * 1000) / reads;
  console.log(`row costs ${micros} us, ${characters / reads} characters`);
}
