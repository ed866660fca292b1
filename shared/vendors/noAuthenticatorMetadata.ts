/** Stands in the bundles where @passwordless-id/webauthn lists the names of authenticators, which we show nobody. */
export const authenticatorMetadata = {}
