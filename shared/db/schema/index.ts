export * from "./automation.ts"
export * from "./billing.ts"
export * from "./email.ts"
export * from "./webhooks.ts"
