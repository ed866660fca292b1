import { raw } from "hono/html"
import { renderMarkdown } from "../../../../shared/support/transcript/markdown.ts"
import { shownEmbed } from "../../../../shared/support/transcript/shownEmbed.ts"

/** Embeds as text: nothing of them is loaded, and links lead to the web only. */
export const Embeds = ({ embeds }: { embeds: unknown[] }) =>
  embeds.flatMap((each) => {
    const embed = shownEmbed(each)
    if (!embed) return []
    const { author, title, url, description, fields, footer } = embed
    return [
      <blockquote class="embed">
        {author && <p class="hint">{author}</p>}
        {(title || url) && (
          <p>
            {url ? (
              <a href={url} rel="noopener noreferrer nofollow">
                {title || url}
              </a>
            ) : (
              <strong>{title}</strong>
            )}
          </p>
        )}
        {description && <Marked text={description} />}
        {fields.map(({ name, value }) => (
          <>
            <strong>{name}</strong>
            <Marked text={value} />
          </>
        ))}
        {footer && <p class="hint">{footer}</p>}
      </blockquote>,
    ]
  })

const Marked = ({ text }: { text: string }) => <div class="plain-text">{raw(renderMarkdown(text).text)}</div>
