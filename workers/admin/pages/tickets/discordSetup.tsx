import { isPermitted } from "../../../../shared/staff/requirePermission.ts"
import { requestPanel } from "../../../../shared/support/setup/requestPanel.ts"
import { requestSetup } from "../../../../shared/support/setup/requestSetup.ts"
import { loadSupport } from "../../../../shared/support/supportSetup.ts"
import { type AdminRequest, newPages, permitted } from "../../adminApp.ts"
import { Button } from "../../components/button.tsx"
import { Notice } from "../../components/notice.tsx"
import { page } from "../../components/page.tsx"
import { Section } from "../../components/section.tsx"
import { Time } from "../../components/time.tsx"
import { PanelNotice } from "./panelNotice.tsx"
import { TicketTabs } from "./ticketTabs.tsx"

export const discordSetupPages = newPages()
  .get("/", showSetup)
  .post("/", permitted("tickets:manage"), async (c) => {
    const ctx = c.get("ctx")
    await requestSetup(ctx)
    return c.redirect(`/tickets/setup?asked=${ctx.now().getTime()}`, 303)
  })
  .post("/panel", permitted("tickets:manage"), async (c) => {
    await requestPanel(c.get("ctx"))
    return c.redirect("/tickets/categories", 303)
  })

/** After this long nobody answers any more. */
const patience = 60_000

/** Whether tickets work in Discord, what the last look found, and a button to set everything up. */
async function showSetup(c: AdminRequest) {
  const ctx = c.get("ctx")
  const setup = await loadSupport(ctx)
  const { at, done, problems } = setup.settings.discordSetup
  const asked = Number(c.req.query("asked") ?? 0)
  const answered = at !== "" && new Date(at).getTime() >= asked
  const waiting = asked > 0 && !answered && ctx.now().getTime() - asked < patience
  const again = waiting
    ? {
        "hx-get": `/tickets/setup?asked=${asked}`,
        "hx-trigger": "load delay:1s",
        "hx-select": "#setup",
        "hx-swap": "outerHTML",
      }
    : {}
  return page(
    c,
    { title: "Discord", lead: "The button for tickets, the commands, and whether everything works" },
    <>
      <TicketTabs current="/tickets/setup" />
      <div id="setup" aria-live="polite" {...again}>
        {waiting && <Notice>It is being set up. Reload this page to see what came of it.</Notice>}
        {asked > 0 && !answered && !waiting && (
          <Notice tone="bad">
            There was no answer. The sweep takes it up within two minutes; look at the Jobs page.
          </Notice>
        )}
        <PanelNotice setup={setup} mayWrite={isPermitted(ctx.actor, "tickets:manage")} />
        {at === "" && !waiting && <p>Discord has not been set up yet.</p>}
        {at !== "" && (
          <Section title={problems.length > 0 ? "Something is missing" : "Everything works"}>
            <p class="hint">
              As of <Time at={new Date(at)} />
            </p>
            {problems.length > 0 && (
              <Notice tone="bad">
                <ul>
                  {problems.map((problem) => (
                    <li>{problem}</li>
                  ))}
                </ul>
              </Notice>
            )}
            <ul>
              {done.map((line) => (
                <li>{line}</li>
              ))}
            </ul>
          </Section>
        )}
      </div>
      {isPermitted(ctx.actor, "tickets:manage") && (
        <form method="post" action="/tickets/setup">
          <Button kind="primary">{at === "" ? "Set Discord up" : "Check and set up again"}</Button>
          <p class="hint">
            Registers the commands, makes a category for tickets, posts the panel with its button, and looks whether the
            bot may do what it has to. What is there already stays.
          </p>
        </form>
      )}
    </>,
  )
}
