/** What a message carries besides text: pictures, files, and small signs for everything else. */
import { html, useState } from "../html.js";
import { Close, File, Person, Smile, Voice } from "../icons.js";
import { locale, t } from "../words.js";
import { Dialog } from "./dialog.js";
import { oneLine } from "./entities.js";

/** A picture, a file, a sticker …; null for a message of text alone. */
export function Media({ message }) {
  const { photo, document, sticker, voice, contact } = message;
  if (photo) return html`<${Photo} sizes=${photo} about=${oneLine(message.caption ?? "", message.caption_entities)} />`;
  if (document) return html`<${Document} document=${document} />`;
  if (sticker) return html`<${Sign} icon=${Smile} title=${`${sticker.emoji ?? ""} ${t("Sticker", "Sticker")}`} />`;
  if (voice) return html`<${Sign} icon=${Voice} title=${t("Sprachnachricht", "Voice message")} detail=${length(voice.duration)} />`;
  if (contact) {
    const name = [contact.first_name, contact.last_name].filter(Boolean).join(" ");
    return html`<${Sign} icon=${Person} title=${name} detail=${contact.phone_number} />`;
  }
  return null;
}

function Photo({ sizes, about }) {
  const [open, setOpen] = useState(false);
  const { url, width, height } = sizes.at(-1);
  const alt = about ? t(`Bild: ${about}`, `Picture: ${about}`) : t("Bild", "Picture");
  return html`
    <button type="button" class="tg-photo" title=${t("Größer zeigen", "Show larger")} onClick=${() => setOpen(true)}>
      <img src=${url} alt=${alt} width=${width} height=${height} />
    </button>
    ${open &&
    html`<${Dialog} label=${alt} kind="photo" onClose=${() => setOpen(false)}>
      <img src=${url} alt=${alt} />
      <button type="button" class="tg-icon-button tg-dialog-close" aria-label=${t("Schließen", "Close")} onClick=${() => setOpen(false)}>
        <${Close} />
      </button>
    <//>`}
  `;
}

function Document({ document }) {
  const name = document.file_name ?? t("Datei", "File");
  return html`<a class="tg-file" href=${document.url} download=${name}>
    <span class="tg-file-sign"><${File} /></span>
    <span class="tg-file-words">
      <span class="tg-file-name">${name}</span>
      <span class="tg-soft">${size(document.file_size)} · ${t("Herunterladen", "Download")}</span>
    </span>
  </a>`;
}

const Sign = ({ icon: Icon, title, detail }) => html`<div class="tg-file">
  <span class="tg-file-sign"><${Icon} /></span>
  <span class="tg-file-words">
    <span class="tg-file-name">${title}</span>
    ${detail && html`<span class="tg-soft">${detail}</span>`}
  </span>
</div>`;

const length = (seconds) => `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;

function size(bytes = 0) {
  const [unit, power] = bytes < 1024 ? ["B", 0] : bytes < 1024 ** 2 ? ["kB", 1] : ["MB", 2];
  return `${(bytes / 1024 ** power).toLocaleString(locale(), { maximumFractionDigits: 1 })} ${unit}`;
}
