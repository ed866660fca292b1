/**
 * Stands in the bundles where Resend's client imports postal-mime: for forwarding received mail, which we do not ask of
 * it, at a quarter of a Worker's size.
 */
export default {
  parse(): never {
    throw new Error("postal-mime is not part of the bundle; see alias in wrangler.toml.")
  },
}
