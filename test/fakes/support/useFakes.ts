import { afterAll, beforeAll, beforeEach } from "vitest"
import { type Fakes, type FakesOptions, startFakes } from "../server.ts"

/** Stand-ins for this file, as just started before each test. */
export function useFakes(options: FakesOptions = {}): { readonly fakes: Fakes } {
  let running: Fakes | undefined
  const fakes = (): Fakes => {
    if (!running) throw new Error("The stand-ins have not been started yet.")
    return running
  }
  beforeAll(async () => {
    running = await startFakes({ webhookRetries: [1, 1], ...options })
  })
  beforeEach(() => fakes().reset())
  afterAll(() => running?.close())
  return {
    get fakes() {
      return fakes()
    },
  }
}
