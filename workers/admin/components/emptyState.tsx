import type { Child } from "hono/jsx"

/** In place of a list without rows: why it is empty, and what to do. */
export const EmptyState = (props: { title: string; children?: Child }) => (
  <div class="empty">
    <p class="empty-title">{props.title}</p>
    {props.children && <p>{props.children}</p>}
  </div>
)
