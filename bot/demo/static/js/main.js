/** The page begins here. */
import { html, render } from "./html.js";
import { connect } from "./wire.js";
import { Page } from "./shell/page.js";

connect();
render(html`<${Page} />`, document.getElementById("page"));
