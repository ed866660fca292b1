import { healthOnlyWorker } from "../../shared/runtime/health.ts"

export default healthOnlyWorker<Cloudflare.PortalEnv>("portal", "The public pages are not built yet.")
