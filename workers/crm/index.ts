import { healthOnlyWorker } from "../../shared/runtime/health.ts"

export default healthOnlyWorker<Cloudflare.CrmEnv>("crm", "The CRM API is not built yet.")
