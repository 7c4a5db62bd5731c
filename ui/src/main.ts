// The page starts: theme first, then the app.
import "./theme/start";
import "./theme/theme.css";
import "./theme/reset.css";
import { mount } from "svelte";
import App from "./App.svelte";

const target = document.getElementById("app");
if (target) mount(App, { target });
