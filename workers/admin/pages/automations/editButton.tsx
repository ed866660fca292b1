import type { Child } from "hono/jsx"

/** Sends the form as it is typed, complete or not, to come back with one of its parts changed. */
export const EditButton = (props: {
  name: string
  verb: string
  at: number
  here: string
  label: string
  children?: Child
}) => (
  <button
    type="submit"
    class="button plain"
    name="does"
    value={`${props.name} ${props.verb} ${props.at}`}
    formnovalidate
    aria-label={props.label}
    hx-post={props.here}
  >
    {props.children}
  </button>
)

export interface Edit {
  name: string
  verb: string
  at: number
}

/** What an EditButton asks for; null of any other button. */
export function editOf(does: string): Edit | null {
  const [, name, verb, at] = /^([a-z]+(?:-\d{1,3})?) ([a-z-]+) (\d{1,4})$/.exec(does) ?? []
  return name && verb ? { name, verb, at: Number(at) } : null
}
