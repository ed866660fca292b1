/** `invoice.payment_failed` as "Invoice payment failed", `customer.timeZone` as "Customer time zone". */
export function inWords(name: string): string {
  const words = name
    .replaceAll(/[._]/g, " ")
    .replaceAll(/([a-z])([A-Z])/g, "$1 $2")
    .toLowerCase()
  return words.charAt(0).toUpperCase() + words.slice(1)
}
