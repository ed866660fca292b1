// Text modules: see `rules` of the admin Worker in wrangler.toml.
declare module "*.css" {
  const text: string
  export default text
}
declare module "*.client.js" {
  const text: string
  export default text
}
declare module "htmx.org/dist/htmx.min.js" {
  const text: string
  export default text
}
