import type { DefaultTemplate } from "./mailText.ts"
import { cancellationScheduled } from "./templates/cancellation-scheduled.ts"
import { onboardingDay2 } from "./templates/onboarding-day-2.ts"
import { onboardingDay4 } from "./templates/onboarding-day-4.ts"
import { onboardingDay7 } from "./templates/onboarding-day-7.ts"
import { ownTrialEnded } from "./templates/own-trial-ended.ts"
import { ownTrialEnding } from "./templates/own-trial-ending.ts"
import { ownTrialLastDay } from "./templates/own-trial-last-day.ts"
import { paymentAuthentication } from "./templates/payment-authentication.ts"
import { paymentAuthenticationFinal } from "./templates/payment-authentication-final.ts"
import { paymentAuthenticationLast } from "./templates/payment-authentication-last.ts"
import { paymentAuthenticationReminder } from "./templates/payment-authentication-reminder.ts"
import { paymentFailed } from "./templates/payment-failed.ts"
import { paymentFinalNotice } from "./templates/payment-final-notice.ts"
import { paymentLastNotice } from "./templates/payment-last-notice.ts"
import { paymentRecovered } from "./templates/payment-recovered.ts"
import { paymentUpdateCard } from "./templates/payment-update-card.ts"
import { refundConfirmed } from "./templates/refund-confirmed.ts"
import { setupTips } from "./templates/setup-tips.ts"
import { trialEnded } from "./templates/trial-ended.ts"
import { trialEnding } from "./templates/trial-ending.ts"
import { welcome } from "./templates/welcome.ts"
import { winBack } from "./templates/win-back.ts"

export const defaultTemplates: DefaultTemplate[] = [
  welcome,
  setupTips,
  onboardingDay2,
  onboardingDay4,
  onboardingDay7,
  paymentFailed,
  paymentUpdateCard,
  paymentFinalNotice,
  paymentLastNotice,
  paymentAuthentication,
  paymentAuthenticationReminder,
  paymentAuthenticationFinal,
  paymentAuthenticationLast,
  paymentRecovered,
  refundConfirmed,
  trialEnding,
  trialEnded,
  ownTrialEnding,
  ownTrialLastDay,
  ownTrialEnded,
  cancellationScheduled,
  winBack,
]
