import type { Context } from "../../context.ts"
import type { FrozenMessage } from "../../db/schema/email.ts"
import type { ResendApi, SendResult } from "../../vendors/resend.ts"

/** Somebody waits: longer than this nothing is tried again. */
const patience = { attempts: 3, seconds: 3, milliseconds: 8000 }

/** Mails a code; the same key and message again is the same mail. Null: it is on its way. */
export async function mailLinkCode(
  ctx: Context<{ resend: ResendApi }>,
  { message, key }: { message: FrozenMessage; key: string },
): Promise<"refused" | "unsure" | null> {
  const started = Date.now()
  for (let attempt = 1; ; attempt++) {
    const result = await ctx.vendors.resend.send([message], key)
    const failure = failureOf(result)
    const over = attempt === patience.attempts || Date.now() - started > patience.milliseconds
    if (failure === null) return null
    if (result.kind !== "retry" || result.afterSeconds > patience.seconds || over) {
      ctx.log.error("link code not mailed", { failure, result })
      return failure
    }
    await new Promise((resolve) => setTimeout(resolve, result.afterSeconds * 1000))
  }
}

function failureOf(result: SendResult): "refused" | "unsure" | null {
  switch (result.kind) {
    case "accepted": {
      const [item] = result.items
      return item && "rejected" in item ? "refused" : item && "id" in item ? null : "unsure"
    }
    case "retry":
      return result.maybeAccepted ? "unsure" : "refused"
    // The texts around the code have changed since; the code is the same.
    case "conflict":
      return "unsure"
    case "paused":
    case "rejected":
      return "refused"
  }
}
