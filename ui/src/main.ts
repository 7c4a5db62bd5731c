// The page starts: theme first, then the language, then the app.
import "./theme/start";
import "./theme/theme.css";
import "./theme/reset.css";
import { mount } from "svelte";
import App from "./App.svelte";
import { speaker } from "./words/speech.svelte";

const target = document.getElementById("app");
// Not before its words are there: nobody shall see one language turn into another.
if (target) void speaker.choose("system").then(() => mount(App, { target }));
