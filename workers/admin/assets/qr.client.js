import { renderSVG } from "./uqr.js"

// Drawn in the browser: what can draw it is as large as many pages.
for (const place of document.querySelectorAll("[data-qr]")) place.innerHTML = renderSVG(place.dataset.qr, { border: 2 })
