import type { SQL } from "drizzle-orm"
import { loseLinkCodes } from "./loseLinkCodes.ts"

/** What Resend's webhooks tell of the mail with a code. */
export interface ToldCode {
  linkCodeId: string | null
  type: string
  permanentBounce: boolean
}

/** Codes whose mail came back or was not sent. In any order, any number of times. */
export function tellLinkCodes(told: ToldCode[], now: Date): SQL[] {
  const lost = told.flatMap(({ linkCodeId, type, permanentBounce }) =>
    linkCodeId && (permanentBounce || type === "email.failed" || type === "email.suppressed")
      ? [{ id: linkCodeId, failure: "lost" as const }]
      : [],
  )
  return lost.length === 0 ? [] : [loseLinkCodes(lost, now)]
}
