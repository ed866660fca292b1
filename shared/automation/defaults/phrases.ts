/** The customer's plan in a sentence, also where its name is not known. */
export const plan = "{{ subscription.plan | default: 'your plan' }}"

/** The same for a trial of ours, which is for a plan and no subscription. */
export const trialPlan = "{{ change.plan | default: 'our service' }}"
export const trialEndDay = "{% if change.trialEnd %}on {{ change.trialEnd | date }}{% else %}soon{% endif %}"

const amount = "{{ invoice.amountRemaining | money: invoice.currency }}"

/** `a payment of €9.90`, or without the amount where there is no invoice. */
export const ofAmount = (words: string) => `${words}{% if invoice.id %} of ${amount}{% endif %}`

export const payButton = (label: string) => ({ label, url: "{{ links.pay }}" })
export const accountButton = (label: string) => ({ label, url: "{{ links.account }}" })
