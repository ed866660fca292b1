import { discordWorker } from "./discordWorker.ts"
import { handlers } from "./interactions/handlers.ts"

export default discordWorker(handlers)
