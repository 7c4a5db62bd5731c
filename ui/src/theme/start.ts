// Imported before everything else: the theme is set before the first paint.
import { applyAppearance } from "./appearance";

applyAppearance(window.__APPEARANCE__);
