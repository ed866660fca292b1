import { listAutomation } from "../../../../shared/automation/listAutomation.ts"
import { setEnabled } from "../../../../shared/automation/setEnabled.ts"
import { isPermitted } from "../../../../shared/staff/requirePermission.ts"
import { type AdminRequest, newPages } from "../../adminApp.ts"
import { Badge } from "../../components/badge.tsx"
import { Button, LinkButton } from "../../components/button.tsx"
import { page } from "../../components/page.tsx"
import { Section } from "../../components/section.tsx"
import { Table } from "../../components/table.tsx"
import { Time } from "../../components/time.tsx"
import { formOf } from "../formOf.ts"
import { inWords } from "./inWords.ts"
import { rulePages } from "./rule.tsx"
import { sequencePages } from "./sequence.tsx"

export const automationsPages = newPages()
  .get("/", showList)
  .post("/:kind{rules|sequences}/:id/enabled", async (c) => {
    const kind = c.req.param("kind") === "rules" ? "rule" : "sequence"
    const enabled = (await formOf(c)).one("enabled") === "yes"
    await setEnabled(c.get("ctx"), { kind, id: c.req.param("id"), enabled })
    return c.redirect(`/automations#${kind}s`, 303)
  })
  .route("/rules", rulePages)
  .route("/sequences", sequencePages)

async function showList(c: AdminRequest) {
  const ctx = c.get("ctx")
  const { rules, sequences } = await listAutomation(ctx)
  const mayWrite = isPermitted(ctx.actor, "automations:write")
  return page(
    c,
    {
      title: "Automations",
      lead: "A rule says what happens when something changes; a sequence is the mails that follow",
      actions: mayWrite && (
        <>
          <LinkButton href="/automations/sequences/new">New sequence</LinkButton>
          <LinkButton kind="primary" href="/automations/rules/new">
            New rule
          </LinkButton>
        </>
      ),
    },
    <>
      <Section title="Rules" id="rules">
        <Table
          label="Rules"
          rows={rules}
          columns={[
            { head: "Rule", cell: ({ id, name }) => <a href={`/automations/rules/${id}`}>{name}</a> },
            { head: "When", cell: ({ changeKind }) => inWords(changeKind) },
            { head: "State", cell: ({ enabled }) => <State enabled={enabled} /> },
            { head: "Changed", cell: ({ updatedAt }) => <Time at={updatedAt} /> },
            {
              head: "",
              cell: ({ id, name, enabled }) => mayWrite && <Toggle path={`rules/${id}`} {...{ name, enabled }} />,
            },
          ]}
        />
      </Section>
      <Section title="Sequences" id="sequences">
        <Table
          label="Sequences"
          rows={sequences}
          columns={[
            { head: "Sequence", cell: ({ id, name }) => <a href={`/automations/sequences/${id}`}>{name}</a> },
            { head: "Mails", numeric: true, cell: ({ steps }) => (Array.isArray(steps) ? steps.length : 0) },
            { head: "People in it", numeric: true, cell: ({ people }) => people.toLocaleString("en") },
            { head: "State", cell: ({ enabled }) => <State enabled={enabled} /> },
            { head: "Changed", cell: ({ updatedAt }) => <Time at={updatedAt} /> },
            {
              head: "",
              cell: ({ id, name, enabled }) => mayWrite && <Toggle path={`sequences/${id}`} {...{ name, enabled }} />,
            },
          ]}
        />
      </Section>
    </>,
  )
}

const State = ({ enabled }: { enabled: boolean }) => (
  <Badge tone={enabled ? "good" : "warn"}>{enabled ? "on" : "paused"}</Badge>
)

const Toggle = (props: { path: string; name: string; enabled: boolean }) => (
  <form method="post" action={`/automations/${props.path}/enabled`}>
    <input type="hidden" name="enabled" value={props.enabled ? "no" : "yes"} />
    <Button>
      {props.enabled ? "Pause" : "Resume"}
      <span class="hidden"> {props.name}</span>
    </Button>
  </form>
)
