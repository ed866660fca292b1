/** A moment in UTC; the browser's script shows it in the reader's own time zone, with both as its title. */
export const Time = ({ at }: { at: Date }) => (
  <time datetime={at.toISOString()} data-local="">
    {at.toISOString().slice(0, 16).replace("T", " ")} UTC
  </time>
)
