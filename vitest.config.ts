import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/globalSetup.ts"],
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Modules are loaded once in each process: a quarter of the time.
    isolate: false,
    // Two cores also run PostgreSQL and workerd.
    maxWorkers: 2,
  },
})
