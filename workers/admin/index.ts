import { healthOnlyWorker } from "../../shared/runtime/health.ts"

export default healthOnlyWorker<Cloudflare.AdminEnv>("admin", "The staff pages are not built yet.")
