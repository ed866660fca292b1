/**
 * Numbers of Discord's that the staff pages know, too: discord-api-types has them in one piece with everything else, which
 * is too large for a bundle that needs five of them.
 */
export const interactionKinds = { ping: 1, command: 2, component: 3, autocomplete: 4, modal: 5 } as const
export const componentKinds = { row: 1, button: 2, list: 3, text: 4, label: 18 } as const
export const buttonStyles = { primary: 1, secondary: 2, success: 3 } as const
export const slashCommand = 1
