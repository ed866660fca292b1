import { discordIdentity } from "../identity.ts"
import { showUser } from "../present/showUser.ts"
import type { DiscordWorld } from "../world.ts"
import { signed } from "./signed.ts"

const ways = {
  none: "A ping, signed as it should be",
  wrongSignature: "A signature of something else",
  noSignature: "No signature",
  malformedSignature: "A signature that is not hexadecimal",
  oldStamp: "A stamp of an hour ago",
  changedBody: "A body changed after it was signed",
} as const
export type Tampering = keyof typeof ways
const tamperings: Tampering[] = ["wrongSignature", "noSignature", "malformedSignature", "oldStamp", "changedBody"]

export interface EndpointCheck {
  tampering: Tampering
  label: string
  status: number | null
  answer: string
  /** Whether the endpoint did what Discord asks of it: a pong, or 401. */
  right: boolean
}

/** Pings the endpoint as Discord does when it is set and every now and then: signed, and with bad signatures on purpose. */
export async function checkEndpoint(
  world: DiscordWorld,
  input: { tampering?: Tampering | undefined } = {},
): Promise<EndpointCheck[]> {
  const wanted: Tampering[] = input.tampering ? [input.tampering] : ["none", ...tamperings]
  const checks: EndpointCheck[] = []
  for (const tampering of wanted) checks.push(await ping(world, tampering))
  world.checks = checks
  world.touch()
  return checks
}

async function ping(world: DiscordWorld, tampering: Tampering): Promise<EndpointCheck> {
  const id = world.ids.next()
  const body = JSON.stringify({
    id,
    application_id: discordIdentity.applicationId,
    type: 1,
    token: `stand-in-ping-${id}`,
    version: 1,
    user: showUser(world.user(world.store.guild.owner_id)),
    app_permissions: "0",
    entitlements: [],
    authorizing_integration_owners: {},
  })
  const label = ways[tampering]
  try {
    if (!world.deliverer) throw new Error("There is nowhere to send interactions to.")
    const request = await tampered(world, body, tampering)
    const response = await world.deliverer({ method: "POST", ...request })
    const answer = (await response.text()).slice(0, 300)
    const right = tampering === "none" ? response.ok && isPong(answer) : response.status === 401
    return { tampering, label, status: response.status, answer, right }
  } catch (error) {
    return { tampering, label, status: null, answer: String(error), right: false }
  }
}

async function tampered(world: DiscordWorld, body: string, tampering: Tampering) {
  const headers = await signed(body, world.now())
  switch (tampering) {
    case "none":
      return { headers, body }
    case "wrongSignature":
      return { headers: { ...headers, ...signatureOf(await signed(`${body} `, world.now())) }, body }
    case "noSignature": {
      const { "x-signature-ed25519": _, ...rest } = headers
      return { headers: rest, body }
    }
    case "malformedSignature":
      return { headers: { ...headers, "x-signature-ed25519": "not hexadecimal" }, body }
    case "oldStamp":
      return { headers: await signed(body, new Date(world.now().getTime() - 3_600_000)), body }
    case "changedBody":
      return { headers, body: body.replace('"version":1', '"version":2') }
  }
}

const signatureOf = (headers: Record<string, string>) => ({
  "x-signature-ed25519": headers["x-signature-ed25519"] ?? "",
})

function isPong(answer: string): boolean {
  try {
    const read: unknown = JSON.parse(answer)
    return typeof read === "object" && read !== null && "type" in read && read.type === 1
  } catch {
    return false
  }
}
