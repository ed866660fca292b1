import type { Child } from "hono/jsx"

/**
 * Filters in the address: a GET form, so every view can be linked to. With script, a change takes effect at once and
 * exchanges only the element with the id `results`.
 */
export const Filters = (props: { action: string; label: string; children?: Child }) => (
  <search aria-label={props.label}>
    <form
      class="filters"
      method="get"
      action={props.action}
      hx-get={props.action}
      hx-trigger="change, input changed delay:250ms from:find input[type='search'], submit"
      hx-target="#results"
      hx-select="#results"
      hx-swap="outerHTML"
      hx-push-url="true"
      hx-sync="this:replace"
    >
      {props.children}
      <button type="submit" class="button plain">
        Show
      </button>
      <a class="clear" href={props.action}>
        Clear
      </a>
    </form>
  </search>
)
