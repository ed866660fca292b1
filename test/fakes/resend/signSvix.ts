import { Webhook } from "standardwebhooks"

/** The headers of a webhook of Resend, stamped with the time on the wall. */
export function signSvix(body: string, id: string, secret: string, at = new Date()): Record<string, string> {
  return {
    "svix-id": id,
    "svix-timestamp": String(Math.floor(at.getTime() / 1000)),
    "svix-signature": new Webhook(secret).sign(id, at, body),
  }
}
