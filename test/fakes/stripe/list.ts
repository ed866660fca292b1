/** A page in the shape of Stripe's lists. */
export const listOf = <Item>(data: Item[], url: string, hasMore = false) => ({
  object: "list" as const,
  data,
  has_more: hasMore,
  url,
})
