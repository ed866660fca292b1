import type { Child } from "hono/jsx"

/** A part of a form that, with script, an EditButton within it exchanges alone. */
export const Exchanged = (props: { id: string; children?: Child }) => (
  <div id={props.id} hx-target="this" hx-select={`#${props.id}`} hx-swap="outerHTML" hx-sync="closest form:replace">
    {props.children}
  </div>
)
