const robots = /^((no-?reply|do-?not-?reply|autoreply|auto-?responder)([+._-].*)?|bounces?([+=_-].*)?)@/i

/** Whether an address looks like a program's, at which nobody reads. */
export const isRobot = (email: string): boolean => robots.test(email)
