/** Who asks, as far as the network tells: the address, of IPv6 the network of 64 bits that one household has. */
export function clientOf(request: { header(name: string): string | undefined }): string {
  const address = request.header("cf-connecting-ip") ?? ""
  if (!address.includes(":")) return address
  const [head = "", tail] = address.toLowerCase().split("::")
  const groups = head.split(":").filter((group) => group !== "")
  const missing = tail === undefined ? 0 : 8 - groups.length - tail.split(":").filter((group) => group !== "").length
  return [...groups, ...Array.from({ length: Math.max(0, missing) }, () => "0")].slice(0, 4).join(":")
}
