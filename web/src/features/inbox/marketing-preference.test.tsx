import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, it, vi } from "vitest";
import { recordMarketing } from "@/api/calls";
import type { Contact } from "@/api/types";
import { show } from "@/test-page";
import { MarketingPreference } from "./marketing-preference";

vi.mock("@/api/calls", async (original) => ({
  ...(await original<typeof import("@/api/calls")>()),
  recordMarketing: vi.fn(),
}));
afterEach(() => vi.mocked(recordMarketing).mockReset());

const ana: Contact = {
  id: "ana",
  name: "Ana",
  custom_name: null,
  profile_name: "Ana",
  phone: "+5511985550111",
  wa_id: "5511985550111",
  bsuid: null,
  username: null,
  book_name: null,
  marketing_opted_out_at: null,
  marketing_opted_out_by: null,
  version: 1,
  created_at: "2026-11-01T10:00:00.000Z",
};

it("says since when somebody wants no marketing, and who noted it", () => {
  const stopped = { ...ana, marketing_opted_out_at: "2026-11-20T15:00:00.000Z" };
  const { rerender } = show(<MarketingPreference contact={stopped} mayEdit={false} />);
  expect(screen.getByText(/^Não quer divulgação desde .+: pediu no WhatsApp$/)).toBeTruthy();
  rerender(<MarketingPreference contact={{ ...stopped, marketing_opted_out_by: "Bia" }} mayEdit={false} />);
  expect(screen.getByText(/^Não quer divulgação desde .+, anotado por Bia$/)).toBeTruthy();
  expect(screen.queryByRole("button")).toBeNull();
});

it("notes a stop without further ado, and a resume only with how they agreed", async () => {
  vi.mocked(recordMarketing).mockResolvedValue(ana);
  const { rerender } = show(<MarketingPreference contact={ana} mayEdit />);
  await userEvent.click(screen.getByRole("button", { name: "Anotar que não quer" }));
  await userEvent.click(screen.getByRole("button", { name: "Salvar" }));
  expect(recordMarketing).toHaveBeenLastCalledWith("ana", "stop", "");

  rerender(
    <MarketingPreference contact={{ ...ana, marketing_opted_out_at: "2026-11-20T15:00:00.000Z" }} mayEdit />,
  );
  await userEvent.click(await screen.findByRole("button", { name: "Voltou a aceitar" }));
  await userEvent.click(screen.getByRole("button", { name: "Salvar" }));
  expect(screen.getByText("Escreva como e quando ele aceitou.")).toBeTruthy();
  expect(recordMarketing).toHaveBeenCalledTimes(1);
  await userEvent.type(screen.getByRole("textbox"), "assinou a ficha");
  await userEvent.click(screen.getByRole("button", { name: "Salvar" }));
  expect(recordMarketing).toHaveBeenLastCalledWith("ana", "resume", "assinou a ficha");
});
