import { screen } from "@testing-library/react";
import userEvent from "@testing-library/user-event";
import { afterEach, expect, test, vi } from "vitest";
import { askPhoneData } from "@/api/calls";
import { aNumber } from "@/test-numbers";
import { show } from "@/test-page";
import { PhoneData } from "./phone-data";

vi.mock("@/api/calls", async (original) => ({
  ...(await original<typeof import("@/api/calls")>()),
  askPhoneData: vi.fn(),
}));
afterEach(() => vi.mocked(askPhoneData).mockReset());

const now = () => new Date().toISOString();

test("how far the history has come is told in words, per cent and a bar", () => {
  show(
    <PhoneData
      manages
      number={aNumber({
        coexistence: true,
        onboarded_at: now(),
        history_status: "running",
        history_progress: 40,
        contacts_status: "done",
      })}
    />,
  );
  expect(screen.getByText("Chegando 40%")).toBeTruthy();
  expect(
    screen.getByRole("progressbar", { name: "Histórico do celular" }).getAttribute("aria-valuenow"),
  ).toBe("40");
  expect(screen.getByText("Completos")).toBeTruthy();
  expect(screen.queryByRole("button")).toBeNull();
});

test("what was never asked for can be asked for within a day, by who manages numbers", async () => {
  vi.mocked(askPhoneData).mockResolvedValue(aNumber());
  show(<PhoneData manages number={aNumber({ coexistence: true, onboarded_at: now() })} />);
  await userEvent.click(screen.getByRole("button", { name: "Pedir: Histórico do celular" }));
  expect(askPhoneData).toHaveBeenCalledWith("n1", "history");
});

test("afterwards, and to everybody else, it only says how things stand", () => {
  const declined = { history_status: "declined", contacts_status: "refused" } as const;
  show(<PhoneData manages number={aNumber({ coexistence: true, ...declined })} />);
  expect(screen.getByText("O dono do celular não quis compartilhar")).toBeTruthy();
  expect(screen.queryByRole("button")).toBeNull();
});

test("a number that no phone shares says nothing of one", () => {
  const { container } = show(<PhoneData manages number={aNumber()} />);
  expect(container.textContent).toBe("");
});
