import { screen } from "@testing-library/react";
import { expect, it } from "vitest";
import { aConversation, aMessage } from "@/test-objects";
import { show } from "@/test-page";
import { HandoverNote } from "../handover-note";
import { CallRow } from "./call";

it("shows a missed call and that it is answered in writing", () => {
  show(<CallRow message={aMessage({ id: "m1", type: "call" })} call={{ of: "call", outcome: "missed" }} />);
  expect(screen.getByText("Ligação perdida")).toBeTruthy();
  expect(screen.getByText(/responda por mensagem/)).toBeTruthy();
});

it("shows how long a call took, and who called", () => {
  const message = aMessage({ id: "m1", type: "call", direction: "out" });
  show(<CallRow message={message} call={{ of: "call", outcome: "answered", duration_s: 95 }} />);
  expect(screen.getByText("Ligação atendida pelo cliente")).toBeTruthy();
  expect(screen.getByText("1:35")).toBeTruthy();
});

it("says who has the thread while it is not ours, and nothing while it is", () => {
  const { rerender } = show(<HandoverNote conversation={aConversation({ id: "c1" })} />);
  expect(screen.queryByRole("status")).toBeNull();
  rerender(<HandoverNote conversation={aConversation({ id: "c1", owned: false, owner_role: "ai_agent" })} />);
  expect(screen.getByRole("status").textContent).toContain("está com o assistente automático");
  rerender(<HandoverNote conversation={aConversation({ id: "c1", owned: false, owner_role: "novo" })} />);
  expect(screen.getByRole("status").textContent).toContain("Outro aplicativo");
});
