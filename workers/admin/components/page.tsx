import type { Child } from "hono/jsx"
import type { ContentfulStatusCode } from "hono/utils/http-status"
import type { AdminRequest } from "../adminApp.ts"
import { visibleAreas } from "../areas.ts"
import { document } from "./document.tsx"

export interface PageHead {
  title: string
  /** A line below the title. */
  lead?: Child
  /** Buttons and links beside the title. */
  actions?: Child
  /** The way back up, outermost first. */
  trail?: { label: string; href: string }[]
  status?: ContentfulStatusCode
}

/**
 * A page inside the frame. It is always the whole page: htmx picks the part that it asked for (`hx-select`), so that an
 * address shows the same however it is come by.
 */
export function page(c: AdminRequest, head: PageHead, content: Child) {
  const { actor } = c.get("ctx")
  const path = new URL(c.req.url).pathname
  const isCurrent = (area: string) => (area === "/" ? path === "/" : path === area || path.startsWith(`${area}/`))
  return c.html(
    document(
      c,
      head.title,
      <body>
        <a class="skip" href="#content">
          Skip to content
        </a>
        <div class="frame">
          <header class="side">
            <a class="brand" href="/">
              Ops HQ
            </a>
            <search>
              <form class="finder" action="/search" method="get">
                <label class="hidden" for="finder">
                  Search
                </label>
                <input
                  id="finder"
                  name="q"
                  type="search"
                  placeholder="Search"
                  autocomplete="off"
                  data-palette-open=""
                />
                <kbd>Ctrl K</kbd>
              </form>
            </search>
            <nav aria-label="Areas">
              <ul>
                {visibleAreas(actor).map(({ path: area, label, shortcut }) => (
                  <li>
                    <a href={area} aria-current={isCurrent(area) ? "page" : undefined} data-shortcut={shortcut}>
                      {label}
                    </a>
                  </li>
                ))}
              </ul>
            </nav>
            <form class="account" method="post" action="/sign-in/out">
              <span>
                <a href="/account">{actor.name}</a> <small>{actor.role}</small>
              </span>
              <button class="link" type="submit">
                Sign out
              </button>
            </form>
          </header>
          <main id="content" tabindex={-1}>
            {head.trail && (
              <nav class="trail" aria-label="Path">
                {head.trail.map(({ label, href }) => (
                  <a href={href}>{label}</a>
                ))}
              </nav>
            )}
            <div class="head">
              <div>
                <h1>{head.title}</h1>
                {head.lead && <p class="lead">{head.lead}</p>}
              </div>
              {head.actions && <div class="actions">{head.actions}</div>}
            </div>
            {content}
          </main>
        </div>
        <dialog id="palette" aria-label="Search customers and pages">
          <search>
            <form action="/search" method="get">
              <input
                name="q"
                type="search"
                aria-label="Search customers and pages"
                placeholder="Name, e-mail, Stripe id or page"
                autocomplete="off"
                hx-get="/search"
                hx-trigger="input changed delay:120ms, search"
                hx-target="#palette-results"
                hx-select="#results"
                hx-sync="this:replace"
              />
            </form>
          </search>
          <div id="palette-results" aria-live="polite" />
        </dialog>
      </body>,
    ),
    head.status ?? 200,
  )
}
