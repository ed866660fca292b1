import type { Action } from "./actions.ts"
import type { Parts } from "./parts.ts"
import { playedMail } from "./resend/playedMail.ts"
import { customerOf } from "./stripe/customerOf.ts"
import { deliverTo } from "./webhooks/deliver.ts"

/** Does what a player asked for. */
export function act(parts: Parts, action: Action): unknown {
  const { world, mailbox, faults } = parts
  switch (action.action) {
    case "createCustomer":
      return world.createCustomer(action)
    case "updateCustomer":
      return updateCustomer(parts, action)
    case "deleteCustomer":
      return world.deleteCustomer(action.customer)
    case "subscribe": {
      const { card, customer, ...input } = action
      const who = customer ?? world.createCustomer(input).id
      return world.subscribe({ ...input, customer: who, card: card === "none" ? null : card })
    }
    case "card":
      return world.setCard(action.customer, action.card)
    case "replaceCard":
      return world.replaceCard(action.customer, action.card)
    case "expireCard":
      return world.expireCard(action.customer)
    case "renew":
      if (action.card) world.setCard(customerOf(world, action.subscription), action.card)
      return world.renewNow(action.subscription)
    case "failPayment":
      return world.failPayment(action.subscription, action.card)
    case "pay":
      return world.pay(action.invoice, action.card)
    case "cancel":
    case "cancelAtPeriodEnd":
      return world.cancel(action.subscription, { ...action, atPeriodEnd: action.action === "cancelAtPeriodEnd" })
    case "resume":
      return world.resume(action.subscription)
    case "pause":
    case "unpause":
      return world.pauseCollection(action.subscription, action.action === "pause")
    case "changePlan":
      return world.changePlan(action.subscription, action)
    case "createCoupon":
      return world.createCoupon(action)
    case "applyCoupon":
      return world.applyCoupon(action.subscription, action.coupon)
    case "removeDiscount":
      return world.removeDiscount(action.subscription)
    case "refund":
      return world.refund(action.charge, { amount: action.amount })
    case "dispute":
      return world.dispute(action.charge, action.reason)
    case "closeDispute":
      return world.closeDispute(action.dispute, action.outcome)
    case "advanceClock":
      return world.advanceClock(action.hours * 3600)
    case "mail":
      return mailbox.happen(action.id, action.event, { link: action.link })
    case "receiveMail":
      return { id: mailbox.inbox.receive(playedMail(mailbox, action)).id }
    case "announceMail":
      return mailbox.inbox.announce(action.id)
    case "unsuppress":
      return mailbox.suppressed.delete(action.address)
    case "resendWebhook":
      return action.id.startsWith("evt_") ? world.log.webhooks.resend(action.id) : mailbox.resend(action.id)
    case "resendUndelivered":
      return world.log.webhooks.resendUndelivered() + mailbox.webhooks.resendUndelivered()
    case "releaseWebhooks":
      world.log.webhooks.release()
      return mailbox.webhooks.release()
    case "faults": {
      const { action: _, vendor, ...change } = action
      faults[vendor].set(change)
      return Object.fromEntries(faults[vendor].rules)
    }
    case "clearFaults":
      return faults.clear()
    case "configure":
      return configure(parts, action)
    case "reset":
      return parts.reset()
  }
}

function updateCustomer({ world }: Parts, change: Extract<Action, { action: "updateCustomer" }>) {
  const customer = world.account.store.need("customer", change.customer)
  const { name = customer.name, email = customer.email, country } = change
  const empty = { city: null, line1: null, line2: null, postal_code: null, state: null }
  const address = country ? { ...(customer.address ?? empty), country } : customer.address
  return world.updateCustomer(customer.id, { name, email, address })
}

function configure(parts: Parts, change: Extract<Action, { action: "configure" }>): void {
  const { world, mailbox, discord, limiters, quota } = parts
  const { vendor, webhookUrl, requestsPerSecond } = change
  if (webhookUrl) {
    const posted = { stripe: world.log.webhooks, resend: mailbox.webhooks, discord: discord.world }
    posted[vendor].deliverer = deliverTo(webhookUrl)
  }
  if (requestsPerSecond !== undefined) {
    const limited = { ...limiters, discord: discord.limits }
    limited[vendor].perSecond = requestsPerSecond
  }
  if (change.dailyQuota !== undefined) quota.daily = change.dailyQuota
  if (change.monthlyQuota !== undefined) quota.monthly = change.monthlyQuota
}
