/** Countries with several zones: the one where most people live. */
const principal = new Map([
  ["AR", "America/Argentina/Buenos_Aires"],
  ["AU", "Australia/Sydney"],
  ["BR", "America/Sao_Paulo"],
  ["CA", "America/Toronto"],
  ["CL", "America/Santiago"],
  ["CN", "Asia/Shanghai"],
  ["CY", "Asia/Nicosia"],
  ["DE", "Europe/Berlin"],
  ["EC", "America/Guayaquil"],
  ["ES", "Europe/Madrid"],
  ["FR", "Europe/Paris"],
  ["GL", "America/Nuuk"],
  ["ID", "Asia/Jakarta"],
  ["KI", "Pacific/Tarawa"],
  ["KZ", "Asia/Almaty"],
  ["MH", "Pacific/Majuro"],
  ["MN", "Asia/Ulaanbaatar"],
  ["MX", "America/Mexico_City"],
  ["MY", "Asia/Kuala_Lumpur"],
  ["NZ", "Pacific/Auckland"],
  ["PF", "Pacific/Tahiti"],
  ["PG", "Pacific/Port_Moresby"],
  ["PT", "Europe/Lisbon"],
  ["RU", "Europe/Moscow"],
  ["UA", "Europe/Kyiv"],
  ["US", "America/New_York"],
  ["UZ", "Asia/Tashkent"],
])

/** The time zone of an ISO 3166 country, null where there is none to be known. */
export function countryTimeZone(country: string): string | null {
  const code = country.toUpperCase()
  if (!/^[A-Z]{2}$/.test(code)) return null
  const locale: Intl.Locale & { getTimeZones?: () => string[] | undefined } = new Intl.Locale(`und-${code}`)
  return principal.get(code) ?? locale.getTimeZones?.()?.[0] ?? null
}
