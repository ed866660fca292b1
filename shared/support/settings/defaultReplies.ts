/** Canned replies that Ops HQ ships with. */
export const defaultReplies = [
  {
    id: "more-details",
    name: "Ask for details",
    content:
      "Hello {{ opener.name }},\n\nthank you for writing. So that we can look into it, please tell us what you did, what you expected, and what happened instead. A screenshot helps, too.\n\n{{ staff.name }}",
    categoryId: null,
    keywords: [],
    suggested: false,
  },
  {
    id: "restart-first",
    name: "Restart first",
    content:
      "Many troubles end with a restart: stop the server, wait until it says that it is offline, and start it again. If it does not help, tell us, and send what the console shows.",
    categoryId: "technical",
    keywords: ["crash", "lag", "offline", "restart"],
    suggested: true,
  },
  {
    id: "where-invoices-are",
    name: "Where invoices are",
    content: "Every invoice and your payment method are in your account: {{ brand.accountUrl }}",
    categoryId: "billing",
    keywords: ["invoice", "receipt", "card"],
    suggested: true,
  },
]
