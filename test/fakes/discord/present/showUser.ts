import type { Member, User } from "../model/wire.ts"

export const showUser = ({ id, username, global_name, bot }: User) => ({
  id,
  username,
  discriminator: "0",
  global_name,
  avatar: null,
  public_flags: 0,
  flags: 0,
  primary_guild: null,
  ...(bot && { bot: true }),
})

export const showMember = (member: Member, user: User) => ({
  user: showUser(user),
  nick: member.nick,
  avatar: null,
  banner: null,
  roles: member.roles,
  joined_at: member.joined_at,
  premium_since: null,
  deaf: false,
  mute: false,
  flags: 0,
  pending: false,
  communication_disabled_until: null,
})
