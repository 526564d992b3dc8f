import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import {
  createMemoryHistory,
  createRootRoute,
  createRoute,
  createRouter,
  RouterProvider,
} from "@tanstack/react-router";
import { render, screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { keys } from "@/api/queries";
import type { PhoneNumber } from "@/api/types";
import { aNumber } from "@/test-numbers";
import { NumbersBanner } from "./numbers-banner";

async function shown(manages: boolean, ...numbers: PhoneNumber[]): Promise<string> {
  const client = new QueryClient({ defaultOptions: { queries: { staleTime: Number.POSITIVE_INFINITY } } });
  client.setQueryData(keys.numbers, { items: numbers, next_cursor: null });
  const root = createRootRoute({
    component: () => (
      <div data-testid="all">
        <NumbersBanner manages={manages} />
      </div>
    ),
  });
  const page = createRoute({ getParentRoute: () => root, path: "/settings/numbers/$numberId" });
  const router = createRouter({ routeTree: root.addChildren([page]), history: createMemoryHistory() });
  render(
    <QueryClientProvider client={client}>
      <RouterProvider router={router as never} />
    </QueryClientProvider>,
  );
  return (await screen.findByTestId("all")).textContent ?? "";
}
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString();

describe("the banner about numbers", () => {
  it("is silent while every number works", async () => {
    expect(await shown(true, aNumber(), aNumber({ id: "n2", token_expires_at: inDays(30) }))).toBe("");
  });

  it("leads whoever may mend it to the number that was lost", async () => {
    expect(
      await shown(true, aNumber({ status: "paused" }), aNumber({ id: "n2", status: "reconnect" })),
    ).toContain("perdeu a conexão com a Meta");
    expect(screen.getByRole("link").getAttribute("href")).toBe("/settings/numbers/n2");
  });

  it("tells others that what they write waits, without a way they may not go", async () => {
    expect(await shown(false, aNumber({ status: "paused" }))).toContain(
      "espera e sai sozinho. Peça a um gerente.",
    );
    expect(screen.queryByRole("link")).toBeNull();
  });

  it("warns of a token that ends soon, but only those who can make a new one", async () => {
    const ends = aNumber({ token_expires_at: inDays(6.5) });
    expect(await shown(true, ends)).toContain("vence em 7 dias");
  });

  it("does not trouble an agent with a token's end", async () => {
    expect(await shown(false, aNumber({ token_expires_at: inDays(6.5) }))).toBe("");
  });
});
