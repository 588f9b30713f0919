/** Pictures and files. */
import { html, useState } from "../html.js";
import { Download, File } from "../icons.js";
import { known } from "../store.js";
import { locale, t } from "../words.js";
import { safe } from "./deeds.js";

/** A picture's address on this page, or nothing if it is somewhere else: this page loads nothing from outside. */
function addressOf({ slack_file: file, image_url: url }) {
  if (file?.id) return `/files/slack/${encodeURIComponent(file.id)}/${encodeURIComponent(nameOfFile(file.id))}`;
  const parsed = URL.parse?.(file?.url ?? url ?? "", location.href);
  return parsed?.origin === location.origin || parsed?.protocol === "data:" ? parsed.href : undefined;
}

function nameOfFile(id) {
  for (const messages of Object.values(known().slack.messages)) {
    for (const message of Object.values(messages)) {
      const found = message.files?.find((file) => file.id === id);
      if (found) return found.name;
    }
  }
  return "bild.png";
}

/** A picture that opens in a new tab; in its place its words when it cannot be shown. */
export function Picture({ image, src = addressOf(image), alt = image.alt_text, small }) {
  const [failed, setFailed] = useState(null);
  if (!src || failed === src) {
    const url = safe(image?.image_url);
    const words = html`<span class="sl-picture-words">${alt}</span>`;
    return url ? html`<a class="sl-link" href=${url} target="_blank" rel="noopener noreferrer">${words}</a>` : words;
  }
  const picture = html`<img class=${small ? "sl-picture-small" : "sl-picture"} src=${src} alt=${alt} onError=${() => setFailed(src)} />`;
  if (small) return picture;
  return html`<a class="sl-picture-link" href=${src} target="_blank" rel="noopener noreferrer">${picture}</a>`;
}

/** A message's file: pictures are shown, others offered. */
export function Attached({ file }) {
  if (file.mode === "tombstone" || !file.url_private) {
    return html`<p class="sl-note">${t("Diese Datei wurde gelöscht.", "This file was deleted.")}</p>`;
  }
  if (file.mimetype?.startsWith("image/")) {
    const alt = file.alt_txt || file.title || file.name;
    return html`<figure class="sl-figure">
      ${file.title && file.title !== alt && html`<figcaption>${file.title}</figcaption>`}
      <${Picture} src=${file.url_private} alt=${alt} />
    </figure>`;
  }
  return html`<a class="sl-file" href=${file.url_private} download=${file.name}>
    <${File} size=${26} />
    <span class="sl-file-words"><strong>${file.title || file.name}</strong><small>${file.pretty_type || file.filetype} · ${size(file.size)}</small></span>
    <${Download} /><span class="hidden">${t("Herunterladen", "Download")}</span>
  </a>`;
}

function size(bytes) {
  const [amount, unit] = bytes < 1_000_000 ? [Math.max(1, bytes / 1000), "kB"] : [bytes / 1_000_000, "MB"];
  return `${amount.toLocaleString(locale(), { maximumFractionDigits: amount < 10 && unit === "MB" ? 1 : 0 })} ${unit}`;
}
