/** Keyset pages: where the next ones begin is in the address. */
export const Pager = (props: { first?: string | null; next?: string | null; shown: number }) => (
  <nav class="pager" aria-label="Pages">
    {props.first ? <a href={props.first}>First page</a> : <span />}
    <span aria-live="polite">{props.shown === 1 ? "1 row" : `${props.shown} rows`}</span>
    {props.next ? (
      <a href={props.next} rel="next">
        Next page
      </a>
    ) : (
      <span />
    )}
  </nav>
)
