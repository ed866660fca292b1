/** What a canned reply may name as `{{ customer.name }}`. */
export const cannedVariables = [
  "customer.name",
  "customer.email",
  "opener.name",
  "staff.name",
  "ticket.number",
  "ticket.subject",
  "ticket.category",
  "brand.name",
  "brand.websiteUrl",
  "brand.accountUrl",
  "brand.supportUrl",
] as const
export type CannedVariable = (typeof cannedVariables)[number]

const named = /\{\{\s*([^{}]*?)\s*\}\}/g

/** A canned reply with its variables filled in; what is not known of somebody is nothing. */
export const fillCannedText = (content: string, values: Partial<Record<CannedVariable, string | null>>): string =>
  content.replaceAll(named, (_whole, name: string) => {
    const variable = cannedVariables.find((each) => each === name)
    return (variable && values[variable]) ?? ""
  })

/** Names in a canned reply that stand for nothing. */
export const unknownVariables = (content: string): string[] => [
  ...new Set(
    [...content.matchAll(named)]
      .map(([, name = ""]) => name)
      .filter((name) => !cannedVariables.some((variable) => variable === name)),
  ),
]
