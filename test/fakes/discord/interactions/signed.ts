import { discordIdentity } from "../identity.ts"

/** Headers of an interaction as Discord signs it: Ed25519 over stamp and body. */
export async function signed(body: string, now: Date): Promise<Record<string, string>> {
  const stamp = String(Math.floor(now.getTime() / 1000))
  const key = await crypto.subtle.importKey("jwk", discordIdentity.privateKey, "Ed25519", false, ["sign"])
  const signature = await crypto.subtle.sign("Ed25519", key, new TextEncoder().encode(stamp + body))
  return {
    "content-type": "application/json",
    "user-agent": "Discord-Interactions/1.0 (+https://discord.com)",
    "x-signature-ed25519": Buffer.from(signature).toString("hex"),
    "x-signature-timestamp": stamp,
  }
}
