export interface DefaultTemplate {
  id: string
  name: string
  mailClass: "transactional" | "marketing"
  subject: string
  html: string
  text: string
}

/** A default mail from its paragraphs, so that the HTML and the text part say the same. Sources are LiquidJS. */
export function mailText(source: {
  id: string
  name: string
  mailClass?: "transactional" | "marketing"
  subject: string
  paragraphs: string[]
  button?: { label: string; url: string }
}): DefaultTemplate {
  const greeting = "Hi {{ customer.name | default: 'there' }},"
  const signature = "{{ brand.name }}"
  const { button } = source
  return {
    id: source.id,
    name: source.name,
    mailClass: source.mailClass ?? "transactional",
    subject: source.subject,
    html: [
      `<p>${greeting}</p>`,
      ...source.paragraphs.map((paragraph) => `<p>${paragraph}</p>`),
      ...(button ? [`<p><a class="button" href="${button.url}">${button.label}</a></p>`] : []),
      `<p>${signature}</p>`,
    ].join("\n"),
    text: [greeting, ...source.paragraphs, ...(button ? [`${button.label}: ${button.url}`] : []), signature].join(
      "\n\n",
    ),
  }
}
