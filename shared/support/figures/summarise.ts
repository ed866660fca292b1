import { quantile } from "./quantile.ts"

/** A ticket as the figures see it; moments and limits in working minutes have been worked out. */
export interface Measured {
  /** Null where nobody has answered. */
  firstResponse: number | null
  /** Null where it is not closed. */
  resolution: number | null
  /** Answered too late, or not at all and too late by now, or when it was closed. */
  lateFirstResponse: boolean
  lateResolution: boolean
  rating: number | null
}

export interface Spread {
  count: number
  median: number | null
  p90: number | null
}

export interface Summary {
  tickets: number
  /** Working minutes until staff first answered; tickets that nobody answered are left out. */
  firstResponse: Spread
  /** Working minutes until they were closed; open ones are left out. */
  resolution: Spread
  lateFirstResponses: number
  lateResolutions: number
  unanswered: number
  open: number
  rating: { count: number; mean: number | null }
}

const known = (values: (number | null)[]): number[] => values.filter((value) => value !== null)

const spread = (values: number[]): Spread => ({
  count: values.length,
  median: quantile(values, 0.5),
  p90: quantile(values, 0.9),
})

export function summarise(tickets: readonly Measured[]): Summary {
  const ratings = known(tickets.map(({ rating }) => rating))
  return {
    tickets: tickets.length,
    firstResponse: spread(known(tickets.map(({ firstResponse }) => firstResponse))),
    resolution: spread(known(tickets.map(({ resolution }) => resolution))),
    lateFirstResponses: tickets.filter(({ lateFirstResponse }) => lateFirstResponse).length,
    lateResolutions: tickets.filter(({ lateResolution }) => lateResolution).length,
    unanswered: tickets.filter(({ firstResponse }) => firstResponse === null).length,
    open: tickets.filter(({ resolution }) => resolution === null).length,
    rating: {
      count: ratings.length,
      mean: ratings.length > 0 ? ratings.reduce((sum, rating) => sum + rating, 0) / ratings.length : null,
    },
  }
}
