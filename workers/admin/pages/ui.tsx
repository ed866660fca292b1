import { isLocal } from "../../../shared/staff/localStaff.ts"
import { newPages } from "../adminApp.ts"
import { Badge, type Tone } from "../components/badge.tsx"
import { Button, type ButtonKind, LinkButton } from "../components/button.tsx"
import { EmptyState } from "../components/emptyState.tsx"
import { Checkbox, Field, Select, TextArea, TextInput } from "../components/field.tsx"
import { Filters } from "../components/filters.tsx"
import { LiveState } from "../components/liveState.tsx"
import { Money } from "../components/money.tsx"
import { Notice } from "../components/notice.tsx"
import { page } from "../components/page.tsx"
import { Pager } from "../components/pager.tsx"
import { Facts, Figure, Section } from "../components/section.tsx"
import { Table } from "../components/table.tsx"
import { Tabs } from "../components/tabs.tsx"
import { Time } from "../components/time.tsx"

const tones: Tone[] = ["neutral", "good", "warn", "bad", "info"]
const kinds: ButtonKind[] = ["primary", "plain", "danger"]
const options = [
  { value: "a", label: "First" },
  { value: "b", label: "Second" },
]
const rows = [
  { name: "Ada Example", email: "ada@example.com", mrr: 1900, tone: "good" as const, state: "active" },
  {
    name: "A name that is so long that it has to be broken somewhere",
    email: "long@example.com",
    mrr: 0,
    tone: "bad" as const,
    state: "churned",
  },
]

/** Every component in every state, for development. */
export const uiPages = newPages().get("/", (c) => {
  if (!isLocal(c.env)) return c.notFound()
  return page(
    c,
    {
      title: "Components",
      lead: "Every component in every state",
      actions: <LinkButton href="/ui">An action</LinkButton>,
      trail: [{ label: "Today", href: "/" }],
    },
    <>
      <Section title="Buttons">
        <p class="row">
          {kinds.map((kind) => (
            <Button kind={kind}>{kind}</Button>
          ))}
          <Button disabled>disabled</Button>
          <LinkButton href="/ui">a link</LinkButton>
        </p>
      </Section>
      <Section title="Badges and notices">
        <p class="row">
          {tones.map((tone) => (
            <Badge tone={tone}>{tone}</Badge>
          ))}
        </p>
        {tones.map((tone) => (
          <Notice tone={tone}>A notice of the kind {tone}.</Notice>
        ))}
      </Section>
      <Section title="Figures and facts">
        <div class="figures">
          <Figure label="MRR" href="/ui" note="since yesterday">
            <Money amount={1234500} currency="eur" />
          </Figure>
          <Figure label="Yen have no minor unit">
            <Money amount={1200} currency="jpy" />
          </Figure>
        </div>
        <Facts
          facts={[
            ["Seen", <Time at={new Date("2026-03-29T01:30:00Z")} />],
            ["Text", "A fact"],
          ]}
        />
      </Section>
      <Section title="Filters and table">
        <Filters action="/ui" label="Filter rows">
          <Field label="Search" name="q">
            <TextInput name="q" type="search" />
          </Field>
          <Field label="Kind" name="kind">
            <Select name="kind" options={options} empty="Any" />
          </Field>
        </Filters>
        <div id="results">
          <Table
            label="Rows"
            rows={rows}
            columns={[
              {
                head: "Name",
                cell: ({ name }) => <a href="/ui">{name}</a>,
                sort: { href: "/ui?sort=name", order: "ascending" },
              },
              { head: "E-mail", cell: ({ email }) => email },
              { head: "State", cell: ({ state, tone }) => <Badge tone={tone}>{state}</Badge> },
              {
                head: "MRR",
                numeric: true,
                cell: ({ mrr }) => <Money amount={mrr} currency="eur" />,
                sort: { href: "/ui?sort=mrr", order: null },
              },
            ]}
          />
          <Pager first="/ui" next="/ui?after=x" shown={2} />
        </div>
        <EmptyState title="No rows">What to do about it.</EmptyState>
      </Section>
      <Section title="A page that asks for news">
        <LiveState c={c} />
        <p class="hint">Says nothing while they come.</p>
      </Section>
      <Section title="Tabs">
        <Tabs
          label="Pages of an area"
          current="/ui"
          tabs={[
            { href: "/ui", label: "This one" },
            { href: "/", label: "Another" },
          ]}
        />
      </Section>
      <Section title="Form">
        <form method="get" action="/ui">
          <Field label="Name" name="name" hint="A hint">
            <TextInput name="name" value="Ada" />
          </Field>
          <Field label="E-mail" name="email" error="Not an e-mail address.">
            <TextInput name="email" type="email" value="nobody" error="Not an e-mail address." />
          </Field>
          <Field label="Text" name="text">
            <TextArea name="text" value={"Two\nlines"} />
          </Field>
          <Field label="Choice" name="choice">
            <Select name="choice" options={options} value="b" />
          </Field>
          <Checkbox name="agree" label="A box to tick" checked />
          <Button kind="primary">Save</Button>
        </form>
      </Section>
    </>,
  )
})
