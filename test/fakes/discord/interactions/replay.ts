import type { DiscordWorld } from "../world.ts"

/** Posts an interaction once more, byte for byte as somebody who recorded it would. */
export async function replay(
  world: DiscordWorld,
  input: { interaction: string },
): Promise<{ status: number; body: string }> {
  const { headers, body } = world.interaction(input.interaction).sent
  if (!world.deliverer) throw new Error("There is nowhere to send interactions to.")
  const answer = await world.deliverer({ method: "POST", headers, body })
  return { status: answer.status, body: await answer.text() }
}
