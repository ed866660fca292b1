/** The pages of an area, beside each other. */
export const Tabs = (props: { label: string; current: string; tabs: { href: string; label: string }[] }) => (
  <nav class="tabs" aria-label={props.label}>
    <ul>
      {props.tabs.map(({ href, label }) => (
        <li>
          <a href={href} aria-current={href === props.current ? "page" : undefined}>
            {label}
          </a>
        </li>
      ))}
    </ul>
  </nav>
)
