import { createHmac } from "node:crypto"
import { pause } from "../../http/pause.ts"
import { DiscordError } from "../discordError.ts"
import type { DiscordWorld } from "../world.ts"
import type { Interaction } from "./interaction.ts"
import { type Draft, payload } from "./payload.ts"
import { signed } from "./signed.ts"
import { takeAnswer } from "./takeAnswer.ts"

const kept = 2000

/** Posts an interaction as Discord does and waits for its answer, up to 3 s; a later one is only noted. */
export async function sendInteraction(world: DiscordWorld, draft: Draft): Promise<Interaction> {
  const id = world.ids.next()
  const token = `stand-in-${createHmac("sha256", "token").update(id).digest("base64url")}`
  const body = JSON.stringify(payload(world, draft, { id, token }))
  const interaction: Interaction = {
    id,
    token,
    type: draft.type,
    user: draft.user,
    channel: draft.channel.id,
    message: draft.message?.id ?? null,
    label: draft.label,
    at: world.stamp(),
    sent: { body, headers: await signed(body, world.now()) },
    outcome: "pending",
    problem: null,
    status: null,
    milliseconds: null,
    answer: null,
    answerType: null,
    original: null,
    deferred: false,
    modal: null,
    choices: null,
  }
  keep(world, interaction)
  const exchange: Promise<void> = deliver(world, interaction).finally(() => world.underway.delete(exchange))
  world.underway.add(exchange)
  await Promise.race([exchange, pause(world.answerWithinMs)])
  if (interaction.outcome === "pending")
    Object.assign(interaction, { outcome: "did not respond", problem: "The application did not respond" })
  world.touch()
  return interaction
}

function keep(world: DiscordWorld, interaction: Interaction): void {
  const { interactions } = world.store
  interactions.set(interaction.id, interaction)
  const [oldest] = interactions.size > kept ? interactions.keys() : []
  if (oldest) interactions.delete(oldest)
  world.touch()
}

async function deliver(world: DiscordWorld, interaction: Interaction): Promise<void> {
  const started = performance.now()
  const { headers, body } = interaction.sent
  try {
    if (!world.deliverer) throw new Error("There is nowhere to send interactions to.")
    if (world.faults.webhooksOff) throw new Error("Interactions are withheld.")
    if (world.faults.strikes("duplicateWebhooks", interaction.label)) repeat(world, interaction)
    const response = await world.deliverer({ method: "POST", headers, body })
    const text = await response.text()
    interaction.milliseconds = Math.round(performance.now() - started)
    interaction.status = response.status
    if (interaction.milliseconds > world.answerWithinMs || interaction.outcome !== "pending") return
    // Accepted: the answer comes by the callback.
    if (response.status === 202) await called(world, interaction)
    else if (!response.ok) settle(interaction, "refused", `HTTP ${response.status}: ${text.slice(0, 300)}`)
    else takeAnswer(world, interaction, parse(text))
  } catch (error) {
    interaction.milliseconds ??= Math.round(performance.now() - started)
    const cause = error instanceof Error && error.cause instanceof Error ? ` (${error.cause.message})` : ""
    const fields = error instanceof DiscordError && error.fields.length > 0 ? `: ${JSON.stringify(error.body())}` : ""
    settle(interaction, interaction.status === null ? "refused" : "not valid", `${String(error)}${cause}${fields}`)
  } finally {
    world.touch()
  }
}

/** Posts it a second time, as somebody would who replays it; what comes of that is not looked at. */
function repeat(world: DiscordWorld, { sent }: Interaction): void {
  const again: Promise<unknown> = Promise.resolve(world.deliverer?.({ method: "POST", ...sent }))
    .catch(() => null)
    .finally(() => world.underway.delete(again))
  world.underway.add(again)
}

/** Until the callback has brought the answer, or it is too late. */
async function called(world: DiscordWorld, { id, outcome }: Interaction): Promise<void> {
  if (outcome !== "pending") return
  const answered = new Promise<void>((resolve) => world.awaited.set(id, resolve))
  await Promise.race([answered, pause(world.answerWithinMs)])
  world.awaited.delete(id)
}

function settle(interaction: Interaction, outcome: Interaction["outcome"], problem: string): void {
  if (interaction.outcome === "pending") Object.assign(interaction, { outcome, problem })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    throw new Error(`The answer is not JSON: ${text.slice(0, 200)}`)
  }
}
