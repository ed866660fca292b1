import { newPages } from "../adminApp.ts"
import { visibleAreas } from "../areas.ts"
import { EmptyState } from "../components/emptyState.tsx"
import { page } from "../components/page.tsx"
import { searchSources } from "./searchSources.ts"

/** What the command palette shows, and a page of its own without script. */
export const commandPalette = newPages().get("/", async (c) => {
  const ctx = c.get("ctx")
  const query = (c.req.query("q") ?? "").trim().slice(0, 100)
  const areas = visibleAreas(ctx.actor)
    .filter(({ label }) => label.toLowerCase().includes(query.toLowerCase()))
    .map(({ label, path }) => ({ title: label, note: "Page", href: path }))
  const found = (await Promise.all(searchSources(query).map((search) => search(ctx, query)))).flat()
  const hits = [...found, ...areas]
  return page(
    c,
    { title: "Search", lead: query ? `For “${query}”` : undefined },
    <div id="results">
      {hits.length > 0 ? (
        <ul class="hits">
          {hits.map(({ title, note, href }) => (
            <li>
              <a href={href}>
                <span>{title}</span> <small>{note}</small>
              </a>
            </li>
          ))}
        </ul>
      ) : (
        <EmptyState title="Nothing found">
          {query.length < 3
            ? "Three letters or more find customers, #12 a ticket."
            : "Try part of a name, an e-mail or a Stripe id."}
        </EmptyState>
      )}
    </div>,
  )
})
