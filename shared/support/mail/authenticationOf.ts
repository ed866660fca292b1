import type { MailAuthentication } from "../../db/schema/mails.ts"

const results = "pass|fail|softfail|neutral|none|policy|temperror|permerror"

/**
 * What the receiving server found out about the sender. Whoever wrote the mail may have put such headers into it, too: of
 * several answers the worst counts.
 */
export function authenticationOf(headers: ReadonlyMap<string, string>): MailAuthentication {
  const told = headers.get("authentication-results") ?? ""
  const spf = headers.get("received-spf")?.match(new RegExp(`^\\s*(${results})\\b`, "i"))?.[1]
  return {
    spf: worst([...found(told, "spf"), ...(spf ? [spf.toLowerCase()] : [])]),
    // One good signature of several is enough, as it is for DMARC.
    dkim: found(told, "dkim").includes("pass") ? "pass" : worst(found(told, "dkim")),
    dmarc: worst(found(told, "dmarc")),
  }
}

const found = (told: string, method: string): string[] =>
  [...told.matchAll(new RegExp(`(?:^|[\\s;])${method}\\s*=\\s*(${results})\\b`, "gi"))].map((match) =>
    (match[1] ?? "").toLowerCase(),
  )

const order = ["fail", "permerror", "softfail", "policy", "temperror", "neutral", "none", "pass"]
const worst = (told: string[]): string | null => order.find((result) => told.includes(result)) ?? null

/** Whether staff should be told that the sender may be somebody else. */
export const isDoubtful = ({ spf, dkim, dmarc }: MailAuthentication): boolean =>
  dmarc === "fail" || (dmarc !== "pass" && (spf === "fail" || dkim === "fail" || dkim === "permerror"))
