import { transcriptStyle } from "./transcriptStyle.ts"

/** What a transcript's page may do: show itself in its own style, and nothing else. */
export async function transcriptPolicy(): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(transcriptStyle))
  const hash = btoa(String.fromCharCode(...new Uint8Array(digest)))
  return `default-src 'none'; style-src 'sha256-${hash}'; base-uri 'none'; form-action 'self'`
}
