/** Only a path of ours: never another site, also not as `//host` or `/\\host`. */
export const ownPath = (path: unknown): string => (typeof path === "string" && /^\/(?![/\\])/.test(path) ? path : "/")
