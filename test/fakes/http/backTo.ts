/** The page of ours that a form was on, by its Referer. */
export function backTo(referer: string | undefined, otherwise: string): string {
  if (!referer || !URL.canParse(referer)) return otherwise
  const { pathname, search } = new URL(referer)
  return pathname.startsWith("//") ? otherwise : `${pathname}${search}`
}
