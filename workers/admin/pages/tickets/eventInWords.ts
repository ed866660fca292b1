import type { ConversationEvent } from "../../../../shared/support/ticketDetail/conversation.ts"

/** `Bea claimed it`: what happened to a ticket, as a line between what was said. */
export function eventInWords({ kind, who, data }: Pick<ConversationEvent, "kind" | "who" | "data">): string {
  const told = (name: string) => (data[name] === null || data[name] === undefined ? "" : String(data[name]))
  const why = told("reason") ? `: ${told("reason")}` : ""
  switch (kind) {
    case "opened":
      return `${who} opened the ticket${told("follows") ? `, after #${told("follows")}` : ""}`
    case "claimed":
      return `${who} claimed it`
    case "unclaimed":
      return `${who} let go of it`
    case "transferred":
      return `${who} gave it to ${told("to")}`
    case "recategorised":
      return `${who} moved it to ${told("category")}`
    case "reprioritised":
      return `${who} made its priority ${told("priority")}`
    case "member_added":
      return `${who} added ${told("name") || told("user") || "somebody"}`
    case "member_removed":
      return `${who} removed ${told("name") || told("user") || "somebody"}`
    case "customer_linked":
      return `${who} linked it with a customer`
    case "close_asked":
      return `${who} asked whether it can be closed${why}`
    case "close_declined":
      return `${who} wants it to stay open`
    case "closed":
      return `${who} closed it${why}`
    case "reopened":
      return `${who} reopened it`
    case "merged":
      return told("into")
        ? `${who} merged it into ticket #${told("into")}`
        : `${who} merged ticket #${told("from")} into it`
    case "nudged":
      return `Reminded ${told("owes") === "staff" ? "staff" : "the side that owes the reply"}`
    case "warned":
      return "Warned that it will be closed"
    case "rated":
      return `Rated ${told("rating")} of 5`
    case "opener_left":
      return "The opener has left the server"
    case "opener_back":
      return "The opener is back in the server"
    case "place_lost":
      return "Its place in Discord is gone"
  }
}
