/** Small drawings instead of emoji; they say nothing to screen readers, the control around them does. */
import { html } from "./html.js";

const icon = (path) => ({ size = 18 } = {}) => html`<svg
  class="icon" width=${size} height=${size} viewBox="0 0 24 24" fill="none" stroke="currentColor"
  stroke-width="2" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true"
><path d=${path} /></svg>`;

export const Send = icon("M4 12 20 4l-5 16-4-7z M11 13l9-9");
export const Close = icon("M6 6l12 12M18 6 6 18");
export const Back = icon("M15 5l-7 7 7 7");
export const Next = icon("M9 5l7 7-7 7");
export const Down = icon("M6 9l6 6 6-6");
export const Hash = icon("M9 4 7 20M17 4l-2 16M4 9h16M3 15h16");
export const Lock = icon("M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3");
export const Home = icon("M4 11l8-7 8 7M6 10v10h12V10");
export const Clock = icon("M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM12 7v5l3 2");
export const Moon = icon("M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5z");
export const Sun = icon("M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2v2M12 20v2M2 12h2M20 12h2M5 5l1.5 1.5M17.5 17.5 19 19M5 19l1.5-1.5M17.5 6.5 19 5");
export const Glass = icon("M4 4h16v16H4zM4 12h16M12 4v16");
export const File = icon("M6 3h8l4 4v14H6zM14 3v4h4");
export const Reply = icon("M9 8 4 12l5 4M4 12h10a6 6 0 0 1 6 6");
export const Thread = icon("M4 5h16v11H9l-5 4z");
export const More = icon("M5 12h.01M12 12h.01M19 12h.01");
export const Menu = icon("M4 7h16M4 12h16M4 17h16");
export const Warning = icon("M12 3 2.5 20h19zM12 10v4M12 17h.01");
export const Restart = icon("M20 12a8 8 0 1 1-2.5-5.8M20 3v5h-5");
export const Check = icon("M5 12.5l4.5 4.5L19 7.5");
export const Person = icon("M12 4a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM4 20a8 8 0 0 1 16 0");
export const Group = icon("M9 5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM2 19a7 7 0 0 1 14 0M16 5.5a3.5 3.5 0 0 1 0 6.5M18 14.5a7 7 0 0 1 4 4.5");
export const Plus = icon("M12 5v14M5 12h14");
export const Edit = icon("M4 20l1-5L16 4l4 4L9 19z");
export const Trash = icon("M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13");
export const Eye = icon("M2 12s4-7 10-7 10 7 10 7-4 7-10 7-10-7-10-7zM12 9a3 3 0 1 0 0 6 3 3 0 0 0 0-6z");
export const Download = icon("M12 4v11M7 11l5 5 5-5M5 20h14");
export const Route = icon("M6 16a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM18 2a3 3 0 1 0 0 6 3 3 0 0 0 0-6zM9 19h7a3.5 3.5 0 0 0 0-7H8a3.5 3.5 0 0 1 0-7h7");
export const Settings = icon("M4 6h10M18 6h2M4 12h3M11 12h9M4 18h9M17 18h3M16 4v4M9 10v4M15 16v4");
export const Out = icon("M8 16 17 7M9 7h8v8");
export const Smile = icon("M12 3a9 9 0 1 0 0 18 9 9 0 0 0 0-18zM9 10h.01M15 10h.01M8.5 14a4.5 4.5 0 0 0 7 0");
export const Voice = icon("M12 3a3 3 0 0 0-3 3v5a3 3 0 0 0 6 0V6a3 3 0 0 0-3-3zM5 11a7 7 0 0 0 14 0M12 18v3");
export const Copy = icon("M9 9h11v11H9zM5 15H4V4h11v1");
