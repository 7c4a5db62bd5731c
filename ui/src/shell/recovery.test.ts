// After an outage: whichever of session and list hears the NMS first, the other is read too, without a press.
import { screen, waitFor } from "@testing-library/svelte";
import { expect, test } from "vitest";
import { row, startApp } from "../fixtures/bench";
import type { Wrong } from "../fixtures/nms";

const SILENT: Wrong = { kind: "unreachable", reason: "refused" };

test("the list can be read again: so is the session, and nothing is blocked any more", async () => {
  const { nms } = await startApp((nms) => {
    nms.failAlways("describe_session", SILENT);
    nms.failAlways("list_tokens", SILENT);
  });
  await screen.findByRole("alert");
  nms.answer("describe_session", null);
  nms.answer("list_tokens", null);
  await nms.tell("tokens_changed", null);
  await row("collector-berlin-02");
  await waitFor(() => expect(screen.queryByRole("alert")).toBeNull());
  expect(screen.getByRole("button", { name: "Create token" }).getAttribute("aria-disabled")).toBeNull();
});

test("the session can be read again: so is the list", async () => {
  const { nms } = await startApp((nms) => nms.failAlways("list_tokens", SILENT));
  await screen.findByRole("alert");
  let refused = 0;
  // The window is looked at again; only the session is answered at first.
  nms.answer("list_tokens", () => {
    nms.answer("list_tokens", null);
    refused += 1;
    throw { ...SILENT, request_id: null };
  });
  const answer = nms.hold("describe_session");
  window.dispatchEvent(new Event("focus"));
  await waitFor(() => expect(refused).toBe(1));
  answer();
  await row("collector-berlin-02");
});

test("while only one of them answers, neither is asked without end", async () => {
  const { nms } = await startApp((nms) => nms.failAlways("describe_session", SILENT));
  await row("collector-berlin-02");
  await waitFor(() => expect(nms.called("describe_session").length).toBe(2));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(nms.called("describe_session").length).toBe(2);
});
