export const declines = {
  insufficient_funds: { code: "card_declined", message: "Your card has insufficient funds." },
  generic_decline: { code: "card_declined", message: "Your card was declined." },
  do_not_honor: { code: "card_declined", message: "Your card was declined." },
  lost_card: { code: "card_declined", message: "Your card was declined." },
  stolen_card: { code: "card_declined", message: "Your card was declined." },
  expired_card: { code: "expired_card", message: "Your card has expired." },
  incorrect_cvc: { code: "incorrect_cvc", message: "Your card's security code is incorrect." },
  processing_error: { code: "processing_error", message: "An error occurred while processing your card." },
} as const
export type DeclineCode = keyof typeof declines

/** How a card behaves when it is charged: as it should, only with the bank's confirmation, or declined with a code. */
export const cardBehaviours = [
  "works",
  "authentication_required",
  "insufficient_funds",
  "generic_decline",
  "do_not_honor",
  "lost_card",
  "stolen_card",
  "expired_card",
  "incorrect_cvc",
  "processing_error",
] as const
export type CardBehaviour = (typeof cardBehaviours)[number]
