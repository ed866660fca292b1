import { type TodayLine, today } from "../../../shared/reports/today.ts"
import { newPages } from "../adminApp.ts"
import { EmptyState } from "../components/emptyState.tsx"
import { Money } from "../components/money.tsx"
import { page } from "../components/page.tsx"
import { Figure, Section } from "../components/section.tsx"
import { Time } from "../components/time.tsx"

const Lines = ({ lines }: { lines: TodayLine[] }) => (
  <ul class="lines">
    {lines.map(({ text, href, since, part }) => (
      <li>
        <a href={href}>{text}</a>
        {since && part === "needed" && (
          <span class="hint">
            since <Time at={since} />
          </span>
        )}
      </li>
    ))}
  </ul>
)

export const todayPages = newPages().get("/", async (c) => {
  const { lines, figures } = await today(c.get("ctx"))
  const needed = lines.filter(({ part }) => part === "needed")
  const news = lines.filter(({ part }) => part === "news")
  return page(
    c,
    { title: "Today" },
    <>
      <div class="figures">
        {figures.mrr.map(({ currency, amount, atRisk, payers }) => (
          <>
            <Figure
              label={`MRR in ${currency.toUpperCase()}`}
              href={`/customers?sort=-mrr&currency=${currency}`}
              note={`${payers.toLocaleString("en")} ${payers === 1 ? "customer" : "customers"}`}
            >
              <Money amount={amount} currency={currency} />
            </Figure>
            <Figure label="at risk" href="/customers?risk=yes" note="late with a payment, or leaving">
              <Money amount={atRisk} currency={currency} />
            </Figure>
          </>
        ))}
      </div>
      <Section title="Needs a person" id="needed">
        {needed.length > 0 ? (
          <Lines lines={needed} />
        ) : (
          <EmptyState title="Nothing waits for you">
            Payments, events and mails that fail appear here, each with a link to where it is dealt with.
          </EmptyState>
        )}
      </Section>
      <Section title="Since yesterday" id="news">
        {news.length > 0 ? <Lines lines={news} /> : <EmptyState title="Nothing has happened in the last 24 hours" />}
      </Section>
    </>,
  )
})
