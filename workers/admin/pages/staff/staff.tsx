import { changeStaff } from "../../../../shared/staff/changeStaff.ts"
import { inviteStaff } from "../../../../shared/staff/inviteStaff.ts"
import { listStaff, type StaffMember } from "../../../../shared/staff/listStaff.ts"
import { revokeSession } from "../../../../shared/staff/ownAccount.ts"
import { isPermitted } from "../../../../shared/staff/requirePermission.ts"
import { resetSignIn } from "../../../../shared/staff/resetSignIn.ts"
import { revokeSessions } from "../../../../shared/staff/revokeSessions.ts"
import { roles } from "../../../../shared/staff/roles.ts"
import { setDiscordAccount } from "../../../../shared/staff/setDiscordAccount.ts"
import { type AdminRequest, newPages, permitted } from "../../adminApp.ts"
import { Badge } from "../../components/badge.tsx"
import { Button } from "../../components/button.tsx"
import { Checkbox, Field, Select, TextInput } from "../../components/field.tsx"
import { page } from "../../components/page.tsx"
import { Section } from "../../components/section.tsx"
import { Time } from "../../components/time.tsx"
import { isOwnMode } from "../../signIn/ownMode.ts"

const one = "/:id{[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}}"
const roleOptions = roles.map((value) => ({ value, label: value }))

export const staffPages = newPages()
  .get("/", showStaff)
  .post("/", async (c) => {
    await inviteStaff(c.get("ctx"), await c.req.parseBody())
    return c.redirect("/staff", 303)
  })
  .post(one, async (c) => {
    const { role, disabled } = await c.req.parseBody()
    await changeStaff(c.get("ctx"), { id: c.req.param("id"), role, disabled: disabled === "yes" })
    return c.redirect("/staff", 303)
  })
  .post(`${one}/sessions/:hash{[0-9a-f]{64}}/end`, async (c) => {
    await revokeSession(c.get("ctx"), { staffId: c.req.param("id"), hash: c.req.param("hash") })
    return c.redirect("/staff", 303)
  })
  .post(`${one}/discord`, permitted("staff:write"), async (c) => {
    const { discordUserId } = await c.req.parseBody()
    await setDiscordAccount(c.get("ctx"), {
      id: c.req.param("id"),
      discordUserId: typeof discordUserId === "string" ? discordUserId : "",
    })
    return c.redirect("/staff", 303)
  })
  .post(`${one}/reset`, async (c) => {
    await resetSignIn(c.get("ctx"), c.req.param("id"))
    return c.redirect("/staff", 303)
  })
  .post(`${one}/sign-out`, async (c) => {
    await revokeSessions(c.get("ctx"), c.req.param("id"))
    return c.redirect("/staff", 303)
  })

async function showStaff(c: AdminRequest) {
  const ctx = c.get("ctx")
  const members = await listStaff(ctx)
  const mayWrite = isPermitted(ctx.actor, "staff:write")
  return page(
    c,
    { title: "Staff", lead: "Who may sign in, and as what" },
    <>
      {mayWrite && (
        <Section title="Add somebody">
          <form method="post" action="/staff">
            <Field label="E-mail" name="email">
              <TextInput name="email" type="email" required maxLength={254} />
            </Field>
            <Field label="Name" name="name">
              <TextInput name="name" required maxLength={100} />
            </Field>
            <Field label="Role" name="role">
              <Select name="role" value="viewer" options={roleOptions} />
            </Field>
            <Button kind="primary">Add</Button>
          </form>
        </Section>
      )}
      {members.map((member) => (
        <Member member={member} mayWrite={mayWrite} own={member.id === ctx.actor.id} resettable={isOwnMode(c.env)} />
      ))}
    </>,
  )
}

interface MemberProps {
  member: StaffMember
  mayWrite: boolean
  own: boolean
  resettable: boolean
}

const Member = ({ member, mayWrite, own, resettable }: MemberProps) => (
  <Section title={member.name} id={`staff-${member.id}`}>
    <p>
      {member.email} <Badge>{member.role}</Badge> {member.disabledAt && <Badge tone="bad">disabled</Badge>}
    </p>
    {mayWrite && (
      <form method="post" action={`/staff/${member.id}`}>
        <Field label="Role" name="role" id={`role-${member.id}`}>
          <Select name="role" id={`role-${member.id}`} value={member.role} options={roleOptions} />
        </Field>
        <Checkbox name="disabled" label="Disabled: may not sign in" checked={member.disabledAt !== null} />
        <Button>Save</Button>
      </form>
    )}
    {mayWrite && (
      <form method="post" action={`/staff/${member.id}/discord`}>
        <Field
          label="Discord user id"
          name="discordUserId"
          id={`discord-${member.id}`}
          hint="What they do in Discord they do as themselves; 17 to 20 digits, empty for none."
        >
          <TextInput
            name="discordUserId"
            id={`discord-${member.id}`}
            value={member.discordUserId ?? ""}
            maxLength={20}
          />
        </Field>
        <Button label={`Save the Discord account of ${member.name}`}>Save</Button>
      </form>
    )}
    {mayWrite && resettable && (
      <form method="post" action={`/staff/${member.id}/reset`}>
        <Button label={`Reset sign-in of ${member.name}`}>Reset sign-in</Button>
        <p class="hint">For lost devices: takes passkeys and the authenticator app away. A code by mail opens then.</p>
      </form>
    )}
    {member.sessions.length > 0 && (
      <>
        <h3>Open sessions</h3>
        <ul>
          {member.sessions.map(({ hash, createdAt, seenAt, userAgent }) => (
            <li>
              {userAgent ?? "Unknown browser"}, since <Time at={createdAt} />, last seen <Time at={seenAt} />
              {(mayWrite || own) && (
                <form method="post" action={`/staff/${member.id}/sessions/${hash}/end`}>
                  <Button label={`Sign out there: ${member.name}, last seen ${seenAt.toISOString()}`}>
                    Sign out there
                  </Button>
                </form>
              )}
            </li>
          ))}
        </ul>
        {(mayWrite || own) && (
          <form method="post" action={`/staff/${member.id}/sign-out`}>
            <Button kind="danger">Sign out everywhere</Button>
          </form>
        )}
      </>
    )}
  </Section>
)
