import { html } from "hono/html"
import type { DiscordWorld } from "../../discord/world.ts"
import { nameOf } from "./naming.ts"
import { pageOf, type Viewer } from "./viewer.ts"

/** Whom one plays. */
export function whoSection(world: DiscordWorld, { as, channel }: Viewer) {
  const { store } = world
  const people = [...store.users.values()].filter(({ bot }) => !bot)
  const roleOf = (id: string) => {
    const member = store.members.get(id)
    if (!member) return "left"
    if (store.guild.owner_id === id) return "owner"
    return member.roles.flatMap((role) => store.roles.get(role)?.name ?? []).join(", ") || "member"
  }
  return html`<section id="who" aria-labelledby="who-title"><h2 id="who-title">You are ${nameOf(world, as)}</h2>
<nav class="chips" aria-label="Play somebody else">${people.map(
    ({ id }) =>
      html`<a class="chip" href="${pageOf(id, channel?.id)}" ${id === as ? 'aria-current="true"' : ""}>${nameOf(world, id)} <small>${roleOf(id)}</small></a>`,
  )}</nav></section>`
}
