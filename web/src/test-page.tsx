/** What every component stands in: language, cache, tooltips. For tests. */
import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { type RenderResult, render } from "@testing-library/react";
import type { ReactElement } from "react";
import { LanguageProvider } from "@/i18n";
import { makeFormat } from "@/i18n/format";
import { ptBR } from "@/i18n/pt-BR";
import { TooltipProvider } from "@/ui";

export function show(
  element: ReactElement,
  client = new QueryClient(),
): RenderResult & { client: QueryClient } {
  const result = render(element, {
    wrapper: ({ children }) => (
      <QueryClientProvider client={client}>
        <LanguageProvider initial={{ locale: "pt-BR", t: ptBR, f: makeFormat("pt-BR") }}>
          <TooltipProvider>{children}</TooltipProvider>
        </LanguageProvider>
      </QueryClientProvider>
    ),
  });
  return { ...result, client };
}
