import { admin } from "./bench/admin.ts"
import { apply } from "./bench/apply.ts"
import { bundles } from "./bench/bundles.ts"
import { email } from "./bench/email.ts"
import { ingest } from "./bench/ingest.ts"
import { sync } from "./bench/sync.ts"

const benches: Record<string, () => Promise<void>> = { ingest, apply, email, admin, sync, bundles }
const names = process.argv.slice(2)
const unknown = names.filter((name) => !(name in benches))
if (unknown.length > 0) {
  console.error(`There is no bench "${unknown.join('", "')}". There are: ${Object.keys(benches).join(", ")}.`)
  process.exit(2)
}
for (const name of names.length > 0 ? names : Object.keys(benches)) await benches[name]?.()
