/** The interactive documentation: its script reads /openapi.json, so that page and document cannot differ. */
export const docsPage = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>CRM API</title>
<link rel="stylesheet" href="/docs/docs.css">
<script src="/docs/docs.js" defer></script>
</head>
<body>
<header>
<h1>CRM API</h1>
<p>The document is <a href="/openapi.json">/openapi.json</a> (OpenAPI 3.1). Requests carry <code>Authorization: Bearer ohq_…</code>.</p>
<label>API key for trying things here; it is kept in this page only <input id="key" type="password" autocomplete="off" spellcheck="false"></label>
</header>
<main id="operations"><noscript>This page needs JavaScript; the document above does not.</noscript></main>
<section id="errors">
<h2>Errors</h2>
<p>Every error has the body <code>{"error":{"code","message","docs","requestId"}}</code>.</p>
<table>
<thead><tr><th scope="col">Status</th><th scope="col">code</th><th scope="col">What to do</th></tr></thead>
<tbody>
<tr><td>400</td><td>bad_request</td><td>Correct what the message names.</td></tr>
<tr><td>401</td><td>unauthenticated</td><td>Send a key that is neither expired nor revoked.</td></tr>
<tr><td>403</td><td>forbidden</td><td>Use a key with the scope that the message names.</td></tr>
<tr><td>404</td><td>not_found</td><td>Check the id.</td></tr>
<tr><td>405</td><td>method_not_allowed</td><td>See the header Allow.</td></tr>
<tr><td>409</td><td>conflict</td><td>Read the message: the state forbids it, or the Idempotency-Key was used for something else or is under way.</td></tr>
<tr><td>413</td><td>too_large</td><td>Bodies have up to 100,000 bytes.</td></tr>
<tr><td>415</td><td>unsupported_media_type</td><td>Send application/json.</td></tr>
<tr><td>429</td><td>rate_limited</td><td>Wait as long as Retry-After says.</td></tr>
<tr><td>500</td><td>internal</td><td>Try again with the same Idempotency-Key; tell us the requestId.</td></tr>
<tr><td>503</td><td>vendor_unavailable</td><td>Try again later.</td></tr>
</tbody>
</table>
</section>
</body>
</html>`
