import type { Child } from "hono/jsx"

/** A titled part of a page. */
export const Section = (props: { title: string; id?: string; actions?: Child; children?: Child }) => (
  <section class="card" id={props.id}>
    <div class="section-head">
      <h2>{props.title}</h2>
      {props.actions}
    </div>
    {props.children}
  </section>
)

/** Names and values. */
export const Facts = (props: { facts: [string, Child][] }) => (
  <dl class="facts">
    {props.facts.map(([name, value]) => (
      <div>
        <dt>{name}</dt>
        <dd>{value}</dd>
      </div>
    ))}
  </dl>
)

export const Figure = (props: { label: string; href?: string; note?: Child; children?: Child }) => (
  <div class="figure">
    <p class="figure-label">{props.href ? <a href={props.href}>{props.label}</a> : props.label}</p>
    <p class="figure-value">{props.children}</p>
    {props.note && <p class="hint">{props.note}</p>}
  </div>
)
