/** The buttons below a message, in the rows in which they were sent. */
import { html, useState } from "../html.js";
import { Out } from "../icons.js";
import { known } from "../store.js";
import { t } from "../words.js";
import { leadsTo } from "./entities.js";

/** Rows at least this wide are a grid, such as a calendar: one stop for Tab, arrow keys inside. */
const GRID_COLUMNS = 5;
const NO_OP = "-";
const STEPS = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/** `room.press(message, row, col)` resolves when the bot has answered. */
export function InlineKeyboard({ message, room }) {
  const [busy, setBusy] = useState([]);
  const [stop, setStop] = useState("");
  const rows = message.reply_markup.inline_keyboard;
  const grid = rows.flatMap((row, at) => (row.length < GRID_COLUMNS ? [] : row.map((button, col) => ({ button, place: `${at}:${col}` }))));
  const first = grid.find(({ button }) => button.callback_data !== NO_OP) ?? grid[0];
  const current = grid.find(({ place }) => place === stop) ?? first;

  const press = async (row, col) => {
    const name = `${row}:${col}:${rows[row][col].text}`;
    if (busy.includes(name)) return;
    setBusy((names) => [...names, name]);
    await room.press(message, row, col);
    setBusy((names) => names.filter((each) => each !== name));
  };

  const key = (button, row, col, name) => {
    const place = `${row}:${col}`;
    const shared = {
      class: "tg-key",
      "data-place": place,
      tabIndex: rows[row].length < GRID_COLUMNS || place === current.place ? 0 : -1,
    };
    const to = button.url && leadsTo(button.url, known().telegram.bot.username);
    if (to && !to.inside) {
      return html`<a key=${name} ...${shared} href=${to.href} target="_blank" rel="noopener noreferrer">${button.text}<${Out} size=${13} /></a>`;
    }
    if (button.url) {
      return html`<button key=${name} type="button" ...${shared} onClick=${() => room.open(button.url)}>${button.text}<${Out} size=${13} /></button>`;
    }
    const isBusy = busy.includes(`${place}:${button.text}`);
    return html`<button key=${name} type="button" ...${shared} value=${button.callback_data} aria-busy=${isBusy} onClick=${() => press(row, col)}>${button.text}</button>`;
  };

  return html`<div
    class="tg-keyboard" role="group" aria-label=${t("Knöpfe der Nachricht", "Buttons of the message")}
    onKeyDown=${move} onFocusIn=${({ target }) => setStop(target.dataset.place)}
  >
    ${rows.map((row, at) => html`<div class="tg-keys ${row.length < GRID_COLUMNS ? "" : "tg-grid"}" key=${at}>${row.map((button, col) => key(button, at, col, nameIn(row, col)))}</div>`)}
  </div>`;
}

/** Tells a button from the others of its row, and stays the same when it moves in it. */
function nameIn(row, col) {
  const { text } = row[col];
  return `${row.slice(0, col).filter((button) => button.text === text).length} ${text}`;
}

/** Arrow keys go from button to button, in rows and between them; at an end they stay. */
const move = (event) => step(event, [...event.currentTarget.children].map((row) => [...row.children]));

/** The same for a single row of buttons. */
export const moveInRow = (event) => step(event, [[...event.currentTarget.children]]);

function step(event, rows) {
  const way = STEPS[event.key];
  if (!way) return;
  const row = rows.findIndex((keys) => keys.includes(event.target));
  const col = rows[row]?.indexOf(event.target);
  const keys = rows[row + way[0]];
  const next = keys?.[way[0] ? Math.min(col, keys.length - 1) : col + way[1]];
  if (!next) return;
  event.preventDefault();
  next.focus();
}
