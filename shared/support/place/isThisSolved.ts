/** What the opener is asked in Discord. */
export const isThisSolved = (openerId: string): string => `<@${openerId}>, is this solved?`
