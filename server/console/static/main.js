/** Starts the desk. */

import { api } from "./connection/api.js";
import { connect } from "./connection/socket.js";
import { createDesk } from "./desk.js";
import { language, setLanguage, t } from "./i18n.js";
import { INITIAL, reduce } from "./state/reducer.js";
import { createStore } from "./state/store.js";
import { createApp } from "./view/app.js";

const wanted = new URLSearchParams(location.search).get("lang") ?? localStorage.getItem("desk-language") ?? navigator.language;
setLanguage(wanted);
document.documentElement.lang = language();
document.title = t("title");

const address = `${location.protocol === "https:" ? "wss" : "ws"}://${location.host}/ws/agent`;
const store = createStore(reduce, INITIAL);
const desk = createDesk({ store, api, connect: (listener) => connect(address, listener) });
const root = document.getElementById("app");
if (root === null) throw new Error("index.html has no element with the id app");
createApp(root, store, desk);
void desk.start();
