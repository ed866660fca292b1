import type { Settings } from "../settings/settings.ts"

/** Whether a product is the business's own. `name` is null where the product's record is not known. */
export function isOwnProduct(product: { id: string; name: string | null }, filter: Settings["productFilter"]): boolean {
  if (filter.mode === "all") return true
  if (filter.productIds.includes(product.id)) return true
  const name = product.name?.toLowerCase() ?? ""
  return filter.namePrefixes.some((prefix) => prefix !== "" && name.startsWith(prefix.toLowerCase()))
}
