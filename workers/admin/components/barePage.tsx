import type { Child } from "hono/jsx"
import type { ContentfulStatusCode } from "hono/utils/http-status"
import type { AdminRequest } from "../adminApp.ts"
import { document } from "./document.tsx"

/** A page without navigation: signing in, and what went wrong. */
export const barePage = (c: AdminRequest, title: string, content: Child, status: ContentfulStatusCode = 200) =>
  c.html(
    document(
      c,
      title,
      <body class="bare">
        <main class="card bare-card">
          <h1>{title}</h1>
          {content}
        </main>
      </body>,
    ),
    status,
  )
