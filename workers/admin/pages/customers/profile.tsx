import type { CustomerProfile } from "../../../../shared/customers/customerProfile.ts"
import { customerProfile } from "../../../../shared/customers/customerProfile.ts"
import { isPermitted } from "../../../../shared/staff/requirePermission.ts"
import type { AdminRequest } from "../../adminApp.ts"
import { Badge, Tag, type Tone } from "../../components/badge.tsx"
import { Button, LinkButton } from "../../components/button.tsx"
import { EmptyState } from "../../components/emptyState.tsx"
import { Field, TextArea, TextInput } from "../../components/field.tsx"
import { Money } from "../../components/money.tsx"
import { Notice } from "../../components/notice.tsx"
import { page } from "../../components/page.tsx"
import { Facts, Figure, Section } from "../../components/section.tsx"
import { StageBadge } from "../../components/stageBadge.tsx"
import { Table } from "../../components/table.tsx"
import { Time } from "../../components/time.tsx"
import { Payments } from "./payments.tsx"
import { Timeline } from "./timeline.tsx"

const words = (value: string) => value.replaceAll("_", " ")

export async function showProfile(c: AdminRequest) {
  const ctx = c.get("ctx")
  const id = c.req.param("id") ?? ""
  const kind = c.req.query("kind")?.slice(0, 100)
  const profile = await customerProfile(ctx, { id, timelineKind: kind, before: c.req.query("before") })
  const { customer } = profile
  if (customer.mergedInto) return c.redirect(`/customers/${customer.mergedInto}`, 303)
  const mayWrite = isPermitted(ctx.actor, "customers:write")
  const stripe = customer.stripeId && `https://dashboard.stripe.com/customers/${encodeURIComponent(customer.stripeId)}`
  return page(
    c,
    {
      title: customer.name ?? customer.email ?? "Without a name",
      lead: (
        <>
          <StageBadge stage={customer.stage} /> {customer.email}
        </>
      ),
      trail: [{ label: "Customers", href: "/customers" }],
      actions: (
        <>
          {stripe && <LinkButton href={stripe}>Open in Stripe</LinkButton>}
          {isPermitted(ctx.actor, "customers:merge") && !customer.erasedAt && (
            <LinkButton href={`/customers/${id}/merge`}>Merge</LinkButton>
          )}
          {isPermitted(ctx.actor, "customers:erase") && !customer.erasedAt && (
            <LinkButton href={`/customers/${id}/erase`}>Erase data</LinkButton>
          )}
        </>
      ),
    },
    <>
      {customer.erasedAt && (
        <Notice>
          The data of this person was erased on <Time at={customer.erasedAt} />. What is left is for the books.
        </Notice>
      )}
      {customer.deletedAt && !customer.erasedAt && <Notice tone="warn">This customer was deleted at Stripe.</Notice>}
      {profile.suppressions.map(({ reason, all }) => (
        <Notice tone="warn">
          {all ? "No mail is sent to this address" : "No marketing mail is sent to this address"}: {words(reason)}.
        </Notice>
      ))}
      <div class="figures">
        <Figure label="MRR">{profile.mrr.length > 0 ? profile.mrr.map((each) => <Money {...each} />) : "–"}</Figure>
        <Figure label="Owed" href="#payments">
          {profile.owed.length > 0 ? profile.owed.map((each) => <Money {...each} />) : "Nothing"}
        </Figure>
        <Figure label="Customer since">
          <Time at={customer.createdAt} />
        </Figure>
      </div>
      <div class="columns">
        <div>
          <Subscriptions profile={profile} />
          <Payments profile={profile} />
          <Timeline customerId={id} timeline={profile.timeline} kinds={profile.timelineKinds} kind={kind} />
        </div>
        <div>
          <About profile={profile} />
          <Tags profile={profile} mayWrite={mayWrite} />
          <Notes profile={profile} mayWrite={mayWrite} />
          <Sequences profile={profile} mayWrite={mayWrite} />
          <Tickets profile={profile} />
          <Mails profile={profile} />
          <Stages profile={profile} />
        </div>
      </div>
    </>,
  )
}

type Part = { profile: CustomerProfile }
type Editable = Part & { mayWrite: boolean }

const subscriptionTones: Record<string, Tone> = {
  active: "good",
  trialing: "info",
  past_due: "bad",
  unpaid: "bad",
  incomplete: "warn",
}

const Subscriptions = ({ profile }: Part) => (
  <Section title="Subscriptions" id="subscriptions">
    {profile.subscriptions.length === 0 ? (
      <EmptyState title="No subscription" />
    ) : (
      <Table
        label="Subscriptions"
        rows={profile.subscriptions}
        columns={[
          {
            head: "Plan",
            cell: ({ items }) =>
              items.map(({ product, productId, quantity, unitAmount, currency, interval, intervalCount }) => (
                <div>
                  {product ?? productId ?? "A product"}
                  {quantity !== null && quantity !== 1 && ` × ${quantity}`}{" "}
                  {unitAmount !== null && currency && (
                    <small>
                      <Money amount={unitAmount} currency={currency} /> every{" "}
                      {intervalCount !== null && intervalCount > 1 ? `${intervalCount} ${interval}s` : interval}
                    </small>
                  )}
                </div>
              )),
          },
          {
            head: "Status",
            cell: ({ status, pauseBehavior, relevant }) => (
              <>
                <Badge tone={subscriptionTones[status] ?? "neutral"}>{words(status)}</Badge>
                {pauseBehavior && <Badge tone="warn">paused</Badge>}
                {!relevant && <div class="hint">not one of our products</div>}
              </>
            ),
          },
          {
            head: "Next",
            cell: (row) =>
              row.endedAt ? (
                <>
                  ended <Time at={row.endedAt} />
                </>
              ) : row.cancelAtPeriodEnd && row.currentPeriodEnd ? (
                <>
                  leaves <Time at={row.currentPeriodEnd} />
                </>
              ) : row.status === "trialing" && row.trialEnd ? (
                <>
                  trial ends <Time at={row.trialEnd} />
                </>
              ) : row.currentPeriodEnd ? (
                <>
                  renews <Time at={row.currentPeriodEnd} />
                </>
              ) : (
                "–"
              ),
          },
          {
            head: "Why they leave",
            text: true,
            cell: ({ cancellationReason, cancellationFeedback, cancellationComment }) =>
              [cancellationFeedback ?? cancellationReason, cancellationComment]
                .filter((each) => each !== null)
                .map((each) => <div>{words(each)}</div>),
          },
        ]}
      />
    )}
  </Section>
)

const About = ({ profile: { customer, paymentMethods } }: Part) => (
  <Section title="About" id="about">
    <Facts
      facts={[
        ["E-mail", customer.email ?? "–"],
        ["Phone", customer.phone ?? "–"],
        ["Country", customer.country ?? "–"],
        ["Currency", customer.currency?.toUpperCase() ?? "–"],
        ["Language", customer.locale ?? "–"],
        ["Time zone", customer.timeZone ?? "by country"],
        ["Stripe id", customer.stripeId ?? "–"],
        [
          "Pays with",
          paymentMethods.length === 0
            ? "–"
            : paymentMethods.map(({ type, brand, last4, expMonth, expYear }) => (
                <div>
                  {brand ?? type} {last4 && `•••• ${last4}`}{" "}
                  {expMonth !== null && expYear !== null && `until ${String(expMonth).padStart(2, "0")}/${expYear}`}
                </div>
              )),
        ],
      ]}
    />
  </Section>
)

const Tags = ({ profile: { customer }, mayWrite }: Editable) => (
  <Section title="Tags" id="tags">
    <ul class="tags">
      {customer.tags.map((tag) => (
        <li>
          <Tag tag={tag} />
          {mayWrite && (
            <form method="post" action={`/customers/${customer.id}/tags/remove`}>
              <input type="hidden" name="tag" value={tag} />
              <button class="link" type="submit" aria-label={`Remove the tag ${tag}`}>
                remove
              </button>
            </form>
          )}
        </li>
      ))}
    </ul>
    {mayWrite ? (
      <form class="inline" method="post" action={`/customers/${customer.id}/tags`}>
        <Field label="New tag" name="tag">
          <TextInput name="tag" required maxLength={64} />
        </Field>
        <Button>Add tag</Button>
      </form>
    ) : (
      customer.tags.length === 0 && <p class="hint">None</p>
    )}
  </Section>
)

const Notes = ({ profile: { customer, notes }, mayWrite }: Editable) => (
  <Section title="Notes" id="notes">
    {mayWrite && (
      <form method="post" action={`/customers/${customer.id}/notes`}>
        <input type="hidden" name="noteId" value={crypto.randomUUID()} />
        <Field label="New note" name="text" hint="Staff see it; customers never do.">
          <TextArea name="text" required rows={3} />
        </Field>
        <Button>Add note</Button>
      </form>
    )}
    {notes.map(({ text, authorLabel, author, createdAt }) => (
      <article class="note">
        <p class="plain-text">{text}</p>
        <p class="hint">
          {authorLabel ?? author}, <Time at={createdAt} />
        </p>
      </article>
    ))}
  </Section>
)

const Sequences = ({ profile: { customer, enrolments }, mayWrite }: Editable) => (
  <Section title="Sequences" id="sequences">
    {enrolments.length === 0 && <p class="hint">In none</p>}
    <ul class="lines">
      {enrolments.map(({ id, name, status, exitReason, next }) => (
        <li>
          <div>
            {name} <Badge tone={status === "active" ? "info" : "neutral"}>{status}</Badge>
            {exitReason && <div class="hint">{exitReason}</div>}
            {next && (
              <div class="hint">
                Next: {next.mail}, <Time at={next.at} />
              </div>
            )}
          </div>
          {mayWrite && status === "active" && (
            <div class="row">
              {next && (
                <form method="post" action={`/customers/${customer.id}/mails/skip`}>
                  <input type="hidden" name="mail" value={next.id} />
                  <Button>Skip next</Button>
                </form>
              )}
              <form method="post" action={`/customers/${customer.id}/enrolments/stop`}>
                <input type="hidden" name="enrolment" value={id} />
                <Button kind="danger">Stop</Button>
              </form>
            </div>
          )}
        </li>
      ))}
    </ul>
  </Section>
)

const mailTones: Record<string, Tone> = {
  sent: "good",
  failed: "bad",
  unknown: "warn",
  suppressed: "warn",
  due: "info",
}

const Mails = ({ profile: { mails } }: Part) => (
  <Section title="Mails" id="mails">
    {mails.length === 0 && <p class="hint">None</p>}
    <ul class="lines">
      {mails.map(({ id, subject, status, delivery, reason, at }) => (
        <li>
          <div>
            <a href={`/outbox/${id}`}>{subject}</a>
            {reason && <div class="hint">{reason}</div>}
          </div>
          <span class="hint">
            <Badge tone={mailTones[status] ?? "neutral"}>{delivery ?? status}</Badge> <Time at={at} />
          </span>
        </li>
      ))}
    </ul>
  </Section>
)

const Tickets = ({ profile: { customer, tickets } }: Part) => (
  <Section title="Tickets" id="tickets">
    {tickets.length === 0 && <p class="hint">None</p>}
    <ul class="lines">
      {tickets.map(({ id, number, subject, status, openedAt }) => (
        <li>
          <div>
            <a href={`/tickets/${id}`}>
              #{number} {subject}
            </a>
          </div>
          <span class="hint">
            <Badge tone={status === "open" || status === "opening" ? "info" : "neutral"}>{status}</Badge>{" "}
            <Time at={openedAt} />
          </span>
        </li>
      ))}
    </ul>
    {tickets.length > 0 && <a href={`/tickets/list?customer=${customer.id}`}>All their tickets</a>}
  </Section>
)

const Stages = ({ profile: { stages } }: Part) => (
  <Section title="Stages" id="stages">
    <ul class="lines">
      {stages.map(({ stage, since }) => (
        <li>
          <StageBadge stage={stage} />
          <span class="hint">
            since <Time at={since} />
          </span>
        </li>
      ))}
    </ul>
  </Section>
)
