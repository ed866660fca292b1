/** What is read of a trial, and by which names of columns it is known. */
export const trialFields = {
  email: ["email", "e_mail", "mail", "email_address", "user_email"],
  source: ["source", "origin", "channel"],
  startedAt: ["started", "started_at", "start", "trial_start", "created", "created_at", "signup_at"],
  endsAt: ["ends", "ends_at", "end", "trial_end", "trial_ends_at", "expires", "expires_at", "expiry"],
  convertedAt: ["converted", "converted_at", "purchased_at", "paid_at"],
  name: ["name", "full_name", "username", "user_name"],
  plan: ["plan", "product", "package"],
} as const satisfies Record<string, readonly string[]>
export type TrialField = keyof typeof trialFields
export type TrialColumns = Partial<Record<TrialField, string>>

const plain = (name: string) =>
  name
    .trim()
    .replaceAll(/([a-z])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, "_")

/** Which column holds what: as named, else by its name. */
export function trialColumnsOf(columns: string[], named: TrialColumns = {}): TrialColumns {
  const found: TrialColumns = {}
  for (const [field, names] of Object.entries(trialFields)) {
    const wanted = named[field as TrialField]
    const known: readonly string[] = names
    const column = columns.find((each) => (wanted ? each === wanted : known.includes(plain(each))))
    if (column !== undefined) found[field as TrialField] = column
  }
  return found
}
