import { type EmailExplanation, explainEmail } from "../../../../shared/email/explainEmail.ts"
import { isPermitted } from "../../../../shared/staff/requirePermission.ts"
import type { AdminRequest } from "../../adminApp.ts"
import { Button } from "../../components/button.tsx"
import { Notice } from "../../components/notice.tsx"
import { page } from "../../components/page.tsx"
import { Facts, Section } from "../../components/section.tsx"
import { Time } from "../../components/time.tsx"
import { MailStatusBadge } from "./mailStatusBadge.tsx"

export async function showMail(c: AdminRequest) {
  const ctx = c.get("ctx")
  const explained = await explainEmail(ctx, c.req.param("id") ?? "")
  const { mail } = explained
  const mayWrite = isPermitted(ctx.actor, "outbox:write")
  return page(
    c,
    {
      title: mail.message?.subject ?? mail.templateId,
      lead: <MailStatusBadge status={mail.status} delivery={mail.delivery} />,
      trail: [
        { label: "Outbox", href: "/outbox" },
        { label: "Customer", href: `/customers/${mail.customerId}` },
      ],
      actions: mayWrite && <Actions mail={mail} />,
    },
    <>
      {c.req.query("done") === "retried" && <Notice tone="good">It is due again and goes out in a moment.</Notice>}
      {mail.reason && <Notice tone={mail.status === "failed" ? "bad" : "warn"}>{mail.reason}</Notice>}
      <div class="columns">
        <div>
          <Why explained={explained} />
          <Section title="The mail" id="mail">
            {mail.message ? (
              <>
                <Facts
                  facts={[
                    ["From", mail.message.from],
                    ["To", mail.message.to],
                    ["Subject", mail.message.subject],
                  ]}
                />
                <iframe title="The mail as its reader sees it" sandbox="" src={`/outbox/${mail.id}/preview`} />
                <details>
                  <summary>As plain text</summary>
                  <pre tabindex={0}>{mail.message.text}</pre>
                </details>
              </>
            ) : (
              <p class="hint">It is rendered when it is sent, by the template's version of that moment.</p>
            )}
          </Section>
        </div>
        <div>
          <Section title="What became of it" id="told">
            <ul class="lines">
              <li>
                <span>Due</span>
                <span class="hint">
                  <Time at={mail.dueAt} />
                </span>
              </li>
              {explained.told.map(({ kind, occurredAt, sourceId }) => (
                <li>
                  {sourceId?.startsWith("msg_") ? (
                    <a href={`/events/resend/${encodeURIComponent(sourceId)}`}>{kind.replace("email.", "")}</a>
                  ) : (
                    <span>{kind.replace("email.", "")}</span>
                  )}
                  <span class="hint">
                    <Time at={occurredAt} />
                  </span>
                </li>
              ))}
            </ul>
          </Section>
        </div>
      </div>
    </>,
  )
}

function Actions({ mail }: { mail: EmailExplanation["mail"] }) {
  if (mail.status === "due")
    return (
      <form method="post" action={`/outbox/${mail.id}/cancel`}>
        <Button kind="danger">Cancel</Button>
      </form>
    )
  if ((mail.status === "failed" || mail.status === "stale") && mail.resendId === null)
    return (
      <form method="post" action={`/outbox/${mail.id}/retry`}>
        <Button kind="primary">Send after all</Button>
      </form>
    )
  return null
}

const Why = ({ explained: { because, mail } }: { explained: EmailExplanation }) => (
  <Section title="Why it exists" id="why">
    {because === null ? (
      <p>It is no step of a sequence.</p>
    ) : (
      <Facts
        facts={[
          [
            "Event",
            because.event ? (
              <>
                <a href={`/events/stripe/${encodeURIComponent(because.event.id)}`}>
                  {because.event.type ?? because.event.id}
                </a>
                {because.event.receivedAt && (
                  <span class="hint">
                    {" "}
                    received <Time at={because.event.receivedAt} />
                  </span>
                )}
              </>
            ) : (
              "none"
            ),
          ],
          ["Rule", `${because.rule.name}, version ${because.rule.version}`],
          ["Sequence", because.sequence.name],
          ["Step", mail.step === null ? "–" : `${mail.step + 1} of ${because.steps.length}`],
          ["Template", `${mail.templateId}${mail.templateVersion === null ? "" : `, version ${mail.templateVersion}`}`],
        ]}
      />
    )}
  </Section>
)
