import type { SecretBox } from "../../staff/own/secretBox.ts"

export const linkMinutes = 15
const digits = 8

/** The code of a request. Asked for once more after a death it is the same code, and so the same mail. */
export async function linkCode(box: SecretBox, requestId: string): Promise<string> {
  const mac = await box.mac("discord link code", requestId)
  return String(BigInt(`0x${mac.slice(0, 24)}`) % 10n ** BigInt(digits)).padStart(digits, "0")
}
