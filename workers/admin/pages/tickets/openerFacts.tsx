import type { TicketDetail } from "../../../../shared/support/ticketDetail/ticketDetail.ts"
import { Badge } from "../../components/badge.tsx"
import { Money } from "../../components/money.tsx"
import { Notice } from "../../components/notice.tsx"
import { Facts, Section } from "../../components/section.tsx"
import { StageBadge } from "../../components/stageBadge.tsx"
import { Time } from "../../components/time.tsx"
import { address } from "../address.ts"

/** Whoever asks: what they have, what they owe, what they were told, what they asked before. */
export const OpenerFacts = ({ detail, mayBlock }: { detail: TicketDetail; mayBlock: boolean }) => {
  const { ticket, facts } = detail
  const { customer } = facts
  const subject = ticket.openerId ?? ticket.openerEmail
  return (
    <Section title="Opener" id="opener">
      {facts.blocked && (
        <Notice tone="warn">
          Blocked: {facts.blocked.reason}
          {facts.blocked.until && (
            <>
              {" "}
              until <Time at={facts.blocked.until} />
            </>
          )}
        </Notice>
      )}
      {customer ? (
        <Facts
          facts={[
            [
              "Customer",
              <>
                <a href={`/customers/${customer.id}`}>{customer.name ?? customer.email ?? "Without a name"}</a>{" "}
                <StageBadge stage={customer.stage} />
              </>,
            ],
            ["E-mail", customer.email ?? "–"],
            [
              "Plan",
              facts.plans.length > 0
                ? facts.plans.map(({ products, status }) => (
                    <div>
                      {products || "unknown"} <Badge>{status.replaceAll("_", " ")}</Badge>
                    </div>
                  ))
                : "none",
            ],
            [
              "Owes",
              facts.owed.length > 0
                ? facts.owed.map((each) => (
                    <div>
                      <Money {...each} />
                    </div>
                  ))
                : "nothing",
            ],
          ]}
        />
      ) : (
        <p class="hint">Not linked with a customer.</p>
      )}
      {facts.mails.length > 0 && (
        <>
          <h3>Last mails</h3>
          <ul class="lines">
            {facts.mails.map(({ id, subject: about, status, delivery, at }) => (
              <li>
                <div>
                  <a href={`/outbox/${id}`}>{about}</a>
                </div>
                <span class="hint">
                  {delivery ?? status}, <Time at={at} />
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
      {facts.tickets.length > 0 && (
        <>
          <h3>Other tickets</h3>
          <ul class="lines">
            {facts.tickets.map(({ id, number, subject: about, status, openedAt }) => (
              <li>
                <div>
                  <a href={`/tickets/${id}`}>
                    #{number} {about}
                  </a>
                </div>
                <span class="hint">
                  {status}, <Time at={openedAt} />
                </span>
              </li>
            ))}
          </ul>
        </>
      )}
      {subject && (
        <p class="row">
          <a href={address("/tickets/list", { opener: subject })}>All their tickets</a>
          {mayBlock && !facts.blocked && <a href={address("/tickets/blocks", { subject })}>Block</a>}
        </p>
      )}
    </Section>
  )
}
