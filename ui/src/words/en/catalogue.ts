// Every sentence that a person reads, in English. One file for each subject; the keys are unique over all of them.
import { actions } from "./actions";
import { check } from "./check";
import { create } from "./create";
import { details } from "./details";
import { edit } from "./edit";
import { failures } from "./failures";
import { general } from "./general";
import { list } from "./list";
import { once } from "./once";
import { preferences } from "./preferences";
import { review } from "./review";
import { shell } from "./shell";
import { timeline } from "./timeline";

export const catalogue = {
  ...actions,
  ...general,
  ...shell,
  ...timeline,
  ...list,
  ...preferences,
  ...review,
  ...check,
  ...create,
  ...details,
  ...once,
  ...edit,
  ...failures,
} as const;
