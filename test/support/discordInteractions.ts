import { generateKeyPairSync, type KeyObject, sign } from "node:crypto"

/** A key pair as Discord keeps for an application; the public key in hexadecimal, as the developer portal shows it. */
export function discordKeys(): { publicKey: string; privateKey: KeyObject } {
  const { publicKey, privateKey } = generateKeyPairSync("ed25519")
  return {
    publicKey: Buffer.from(publicKey.export({ format: "jwk" }).x ?? "", "base64url").toString("hex"),
    privateKey,
  }
}

/** The headers that Discord sends with a body. */
export function signedHeaders(body: string, privateKey: KeyObject, stamp = String(Math.floor(Date.now() / 1000))) {
  return {
    "content-type": "application/json",
    "x-signature-ed25519": sign(null, Buffer.from(stamp + body), privateKey).toString("hex"),
    "x-signature-timestamp": stamp,
  }
}

let serial = 0

/** An id that nobody has had; Discord's hold 17 to 20 digits. */
export const snowflake = (): string => String(1_300_000_000_000_000_000n + BigInt(serial++))

export const guildId = "100000000000000002"
export const applicationId = "100000000000000001"

/** What every interaction in the server holds, as Discord sends it. */
const base = () => ({
  id: snowflake(),
  application_id: applicationId,
  token: `token-${serial}`,
  version: 1,
  guild_id: guildId,
  channel_id: "100000000000000010",
  locale: "en-US",
  member: {
    user: { id: "100000000000000020", username: "ada", discriminator: "0", global_name: "Ada", avatar: null },
    roles: [],
    permissions: "0",
    joined_at: "2026-01-01T00:00:00.000000+00:00",
    deaf: false,
    mute: false,
    flags: 0,
  },
})

export const ping = () => ({ id: snowflake(), application_id: applicationId, token: "token", version: 1, type: 1 })
export const command = (name: string, options: object[] = []) => ({
  ...base(),
  type: 2,
  data: { id: "100000000000000030", name, type: 1, options },
})
export const component = (customId: string) => ({
  ...base(),
  type: 3,
  data: { custom_id: customId, component_type: 2 },
  message: { id: "100000000000000040", channel_id: "100000000000000010" },
})
export const autocomplete = (name: string, value: string) => ({
  ...base(),
  type: 4,
  data: { id: "100000000000000030", name, type: 1, options: [{ name: "text", type: 3, value, focused: true }] },
})
export const modalSubmit = (customId: string, components: object[] = []) => ({
  ...base(),
  type: 5,
  data: { custom_id: customId, components },
})
