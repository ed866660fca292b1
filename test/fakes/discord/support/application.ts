import type { APIInteraction } from "discord-api-types/v10"
import { verifyKey } from "discord-interactions"
import type { WebhookDelivery } from "../../options.ts"
import { discordIdentity } from "../identity.ts"

type Answerer = (interaction: APIInteraction) => unknown

/** Takes interactions as a small application: checks the signature, answers as told, keeps what came. */
export function application() {
  const received: APIInteraction[] = []
  let answerer: Answerer = () => ({ type: 1 })
  const deliver: WebhookDelivery = async (_, { headers, body }) => {
    const { "x-signature-ed25519": signature = "", "x-signature-timestamp": stamp = "" } = headers
    const fresh = Math.abs(Date.now() / 1000 - Number(stamp)) < 300
    const good = fresh && (await verifyKey(body, signature, stamp, discordIdentity.publicKey))
    if (!good) return { ok: false, status: 401, text: async () => "bad signature" }
    const interaction: APIInteraction = JSON.parse(body)
    received.push(interaction)
    const answer = interaction.type === 1 ? { type: 1 } : await answerer(interaction)
    // Nothing: the answer comes by the callback.
    if (answer === undefined) return { ok: true, status: 202, text: async () => "" }
    return { ok: true, status: 200, text: async () => JSON.stringify(answer) }
  }
  return {
    received,
    deliver,
    /** The answer to everything from now on. */
    answers(next: Answerer) {
      answerer = next
    },
    /** What came last. */
    last(): APIInteraction {
      const interaction = received.at(-1)
      if (!interaction) throw new Error("No interaction has come.")
      return interaction
    },
  }
}
