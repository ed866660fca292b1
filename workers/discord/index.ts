import { healthOnlyWorker } from "../../shared/runtime/health.ts"

export default healthOnlyWorker<Cloudflare.DiscordEnv>("discord", "Support tickets are not built yet.")
