import { Hono } from "hono"
import { html } from "hono/html"
import { checkEnv } from "../../shared/env.ts"
import { AppError, toAppError } from "../../shared/errors.ts"
import { fileResponse } from "../../shared/files/fileResponse.ts"
import { r2FileStore } from "../../shared/files/r2FileStore.ts"
import { createContext } from "../../shared/runtime/createContext.ts"
import { askedClosing } from "../../shared/support/transcript/askedClosing.ts"
import { askedRating } from "../../shared/support/transcript/askedRating.ts"
import { transcriptFile } from "../../shared/support/transcript/transcriptFile.ts"
import { transcriptHtml } from "../../shared/support/transcript/transcriptHtml.ts"
import { transcriptJson } from "../../shared/support/transcript/transcriptJson.ts"
import { transcriptPolicy } from "../../shared/support/transcript/transcriptPolicy.ts"
import { transcriptTicket } from "../../shared/support/transcript/transcriptTicket.ts"
import { createTranscriptSigner } from "../../shared/support/transcript/transcriptToken.ts"
import { answerClosing } from "../../shared/support/work/answerClosing.ts"
import { rateTicket } from "../../shared/support/work/rateTicket.ts"
import { readBody } from "../../shared/webhooks/readBody.ts"
import { portalPage } from "./pages/portalPage.ts"
import { ratingPage } from "./pages/ratingPage.ts"
import { solvedPage } from "./pages/solvedPage.ts"

const bodyLimit = 10_000

type Env = { Bindings: Cloudflare.PortalEnv }

/** What was said in a ticket, for whoever has the link that its opener was sent. */
export const transcripts = new Hono<Env>()
  .use(async (c, next) => {
    await next()
    c.header("cache-control", "private, no-store")
    c.header("x-robots-tag", "noindex, nofollow")
    c.header("referrer-policy", "no-referrer")
    c.header("x-content-type-options", "nosniff")
  })
  .get("/:token/files/:file", async (c) => {
    const { ctx, ticketId } = await opened(c.env, c.req.param("token"))
    const file = await transcriptFile(ctx, { ticketId, fileId: c.req.param("file") })
    const stored = await r2FileStore(c.env.FILES).get(file.key)
    if (!stored) throw new AppError("not_found", "This file is not kept any more.")
    return fileResponse(stored, file)
  })
  .get("/:token/rating", async (c) => {
    const { ctx, ticketId, path } = await opened(c.env, c.req.param("token"))
    const stars = /^[1-5]$/.test(c.req.query("stars") ?? "") ? Number(c.req.query("stars")) : null
    const asked = await askedRating(ctx, { ticketId })
    return c.html(ratingPage(asked, { action: `${path}/rating`, stars }), 200, formPolicy)
  })
  .get("/:token/solved", async (c) => {
    const { ctx, ticketId, path } = await opened(c.env, c.req.param("token"))
    const asked = await askedClosing(ctx, { ticketId })
    return c.html(solvedPage(asked, { action: `${path}/solved`, transcript: path }), 200, formPolicy)
  })
  .get("/:name{.+\\.json}", async (c) => {
    const { ctx, ticketId } = await opened(c.env, c.req.param("name").slice(0, -5))
    const body = await transcriptJson(ctx, { ticketId, for: "opener" })
    return c.body(body, 200, { ...saved("json"), "content-type": "application/json; charset=utf-8" })
  })
  .get("/:name{.+\\.html}", async (c) => {
    const { ctx, ticketId, path } = await opened(c.env, c.req.param("name").slice(0, -5))
    const origin = new URL(c.req.url).origin
    const fileLink = ({ id }: { id: string }) => `${origin}${path}/files/${id}`
    const body = await transcriptHtml(ctx, { ticketId, for: "opener", fileLink })
    return c.body(body, 200, { ...saved("html"), "content-type": "text/html; charset=utf-8", ...(await policy()) })
  })
  .get("/:token", async (c) => {
    const { ctx, ticketId, path } = await opened(c.env, c.req.param("token"))
    const body = await transcriptHtml(ctx, {
      ticketId,
      for: "opener",
      fileLink: ({ id }) => `${path}/files/${id}`,
      q: c.req.query("q")?.replaceAll("\0", " ").toWellFormed().trim().slice(0, 200),
      links: { page: path, html: `${path}.html`, json: `${path}.json`, rating: `${path}/rating` },
    })
    return c.body(body, 200, { "content-type": "text/html; charset=utf-8", ...(await policy()) })
  })

transcripts.post("/:token/rating", async (c) => {
  const { ctx, ticketId, path } = await opened(c.env, c.req.param("token"))
  const form = new URLSearchParams(await readBody(c.req.raw, bodyLimit))
  await rateTicket(ctx, {
    id: ticketId,
    rating: Number(form.get("rating")),
    comment: form.get("comment") ?? "",
    byLink: true,
  })
  return c.redirect(path, 303)
})

transcripts.post("/:token/solved", async (c) => {
  const { ctx, ticketId, path } = await opened(c.env, c.req.param("token"))
  const answer = new URLSearchParams(await readBody(c.req.raw, bodyLimit)).get("solved")
  if (answer !== "yes" && answer !== "no") throw new AppError("bad_request", "Press Yes or Not yet.")
  await answerClosing(ctx, { id: ticketId, solved: answer === "yes" })
  return c.redirect(`${path}/solved`, 303)
})

transcripts.onError((thrown, c) => {
  const error = toAppError(thrown)
  if (error.code === "bad_request" || error.code === "conflict")
    return c.html(
      portalPage("That did not work", html`<p>${error.message}</p>`),
      error.code === "conflict" ? 409 : 400,
      brokenPolicy,
    )
  if (error.code !== "not_found" && error.code !== "unauthenticated") throw thrown
  const expired = error.details.expired === true
  return c.html(brokenPage(expired), expired ? 410 : 404, brokenPolicy)
})

const brokenPolicy = {
  "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
}
const formPolicy = {
  "content-security-policy": `${brokenPolicy["content-security-policy"]}; form-action 'self'`,
}

const brokenPage = (expired: boolean) =>
  expired
    ? portalPage(
        "This link has expired",
        html`<p>Links to transcripts hold for 90 days. Please ask our support for a new one.</p>`,
      )
    : portalPage(
        "There is nothing here",
        html`<p>The link may have been cut off, or what it led to is not kept any more. Please copy the whole link.</p>`,
      )

const policy = async () => ({ "content-security-policy": `${await transcriptPolicy()}; frame-ancestors 'none'` })

const saved = (kind: string) => ({ "content-disposition": `attachment; filename="transcript.${kind}"` })

async function opened(env: Cloudflare.PortalEnv, token: string) {
  const checked = checkEnv("portal", env)
  const ctx = createContext({ worker: "portal", env: checked, actor: { kind: "public" }, vendors: {}, queues: {} })
  const signer = await createTranscriptSigner(checked.LINK_SECRET)
  const verified = await signer.verify(token, ctx.now())
  if (verified === null) throw new AppError("unauthenticated", "This link is none of ours.")
  if (verified === "expired")
    throw new AppError("unauthenticated", "This link has expired.", { details: { expired: true } })
  return { ctx, ticketId: await transcriptTicket(ctx, verified), path: `/transcripts/${token}` }
}
