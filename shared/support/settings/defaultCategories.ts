import type { TicketCategory } from "../categorySchema.ts"

const category = (
  written: Pick<TicketCategory, "id" | "name" | "description" | "keywords"> & Partial<TicketCategory>,
): Omit<TicketCategory, "position"> => ({
  enabled: true,
  questions: [],
  roleId: "",
  parentId: "",
  firstResponseMinutes: 240,
  resolutionMinutes: 2880,
  ...written,
})

/** What tickets are about until staff say otherwise, in the order in which openers see them. */
export const defaultCategories: TicketCategory[] = [
  category({
    id: "purchase",
    name: "Purchase",
    description: "Plans, prices, and what to choose",
    keywords: ["buy", "price", "plan", "upgrade", "discount", "coupon", "trial", "order", "purchase", "offer"],
  }),
  category({
    id: "setup",
    name: "Setup",
    description: "Getting started with what you bought",
    questions: [{ id: "where", label: "What are you setting up?", long: false, required: false }],
    keywords: ["install", "setup", "set up", "configure", "start", "domain", "import", "migrate", "upload", "invite"],
  }),
  category({
    id: "technical",
    name: "Technical",
    description: "Something does not work as it should",
    questions: [
      { id: "what", label: "Which server or page is it about?", long: false, required: true },
      { id: "since", label: "Since when, and what changed before?", long: true, required: false },
    ],
    keywords: ["down", "offline", "crash", "error", "lag", "slow", "timeout", "broken", "bug", "restart", "connect"],
    firstResponseMinutes: 120,
    resolutionMinutes: 1440,
  }),
  category({
    id: "billing",
    name: "Billing",
    description: "Payments, invoices, refunds, cancelling",
    questions: [{ id: "invoice", label: "Number of the invoice, if you have it", long: false, required: false }],
    keywords: ["invoice", "refund", "payment", "card", "charged", "charge", "bill", "billing", "cancel", "vat", "paid"],
    firstResponseMinutes: 180,
  }),
  category({
    id: "other",
    name: "Other",
    description: "Anything else",
    keywords: [],
  }),
].map((written, position) => ({ ...written, position: (position + 1) * 10 }))
