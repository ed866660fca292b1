/**
 * Whether a mail asks that no program answers it. Outlook and others put that into what people write as well, with what
 * they ask to be spared.
 */
export const asksForSilence = (headers: ReadonlyMap<string, string>): boolean =>
  /\b(all|oof|autoreply)\b/i.test(headers.get("x-auto-response-suppress") ?? "")
