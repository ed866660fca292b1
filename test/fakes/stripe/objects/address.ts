export const emptyAddress = { city: null, country: null, line1: null, line2: null, postal_code: null, state: null }

export const addressIn = (country: string) => ({ ...emptyAddress, country })
