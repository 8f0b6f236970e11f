// `npm run golden`: rewrites what follows from the code after a deliberate change, and names the files that changed.
import { writeDialects } from "./write-dialects.ts";

const changed = writeDialects().map((file) => `dialects/${file}`);
process.stdout.write(changed.length === 0 ? "test/golden: up to date\n" : `${changed.join("\n")}\n`);
