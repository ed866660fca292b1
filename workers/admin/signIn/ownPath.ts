/** Only a path of ours: never another site, also not as `//host` or `/\\host`, nor with signs that browsers leave out. */
export const ownPath = (path: unknown): string =>
  typeof path === "string" && /^\/(?![/\\])\P{Cc}*$/u.test(path) ? path : "/"
