import { sql } from "drizzle-orm"
import type { Context } from "../../context.ts"
import { AppError } from "../../errors.ts"
import { actorName } from "../../staff/actorName.ts"
import { auditEntry } from "../../staff/auditEntry.ts"
import type { SecretBox } from "../../staff/own/secretBox.ts"

const mostAttempts = 3

/**
 * Links a Discord account to the customer to whom the code was mailed, with the tickets it has opened. Three answers for
 * each code. Throws `bad_request` where it is wrong, used or too old.
 */
export async function confirmLink(
  ctx: Context,
  input: { userId: string; userName: string; code: string; box: SecretBox },
): Promise<void> {
  const { userId, userName, box } = input
  const now = ctx.now().toISOString()
  const code = input.code.replaceAll(/\D/g, "")
  const asked = await ctx.db.execute<{ id: string; code_hash: string; customer_id: string | null }>(sql`
    update discord_link_codes set attempts = attempts + 1 where id = (
      select id from discord_link_codes where user_id = ${userId} and used_at is null and expires_at > ${now}
        and attempts < ${mostAttempts} and failure is distinct from 'unavailable' order by created_at desc limit 1)
    returning id, code_hash, customer_id`)
  const [request] = asked.rows
  const right = request && (await box.mac("discord link", `${request.id}:${code}`)) === request.code_hash
  if (!right || !request.customer_id)
    throw new AppError("bad_request", "The code is not right, or too old. Ask for a new one with /link.")
  const customerId = request.customer_id
  const mine = sql`exists (select from discord_link_codes where id = ${request.id} and used_at = ${now})`
  const [used] = await ctx.db.batch([
    ctx.db.execute(sql`update discord_link_codes set used_at = ${now} where id = ${request.id} and used_at is null`),
    ctx.db.execute(sql`
      insert into discord_links (user_id, customer_id, user_name, linked_at, actor)
      select ${userId}, coalesce(merged_into, id), ${userName}, ${now}, ${actorName(ctx.actor)}
      from customers where id = ${customerId} and erased_at is null and ${mine}
      on conflict (user_id) do update set customer_id = excluded.customer_id, user_name = excluded.user_name,
        linked_at = excluded.linked_at, actor = excluded.actor`),
    ctx.db.execute(sql`
      update customers set discord_name = ${userName} where ${mine}
        and id = (select customer_id from discord_links where user_id = ${userId})`),
    ctx.db.execute(sql`
      with linked as (
        update tickets set customer_id = (select customer_id from discord_links where user_id = ${userId}), version = version + 1
        where opener_id = ${userId} and customer_id is null and ${mine} returning id, customer_id, number, subject, opened_at),
      told as (
        insert into ticket_events (id, key, ticket_id, kind, at, actor, actor_label)
        select gen_random_uuid(), 'customer_linked:' || id, id, 'customer_linked', ${now}, ${actorName(ctx.actor)}, ${userName} from linked
        on conflict (key) do nothing)
      insert into timeline_entries (key, customer_id, occurred_at, kind, data, source, source_id)
      select 'ticket:opened:' || id, customer_id, opened_at, 'ticket.opened', jsonb_build_object('ticket', number, 'subject', subject, 'id', id), 'support', id::text
      from linked on conflict (key) do nothing`),
    ctx.db.execute(
      auditEntry(ctx, {
        action: "customer.discordLinked",
        subject: { type: "customer", id: customerId },
        after: { discord: userName },
        where: mine,
      }),
    ),
    ctx.db.execute(sql`
      insert into timeline_entries (key, customer_id, occurred_at, kind, data, source, source_id)
      select ${`discord.linked:${request.id}`}, customer_id, ${now}, 'discord.linked', jsonb_build_object('name', user_name), 'support', user_id
      from discord_links where user_id = ${userId} and ${mine} on conflict (key) do nothing`),
  ])
  if (used.rowCount === 0) throw new AppError("bad_request", "The code has been used. Ask for a new one with /link.")
}
