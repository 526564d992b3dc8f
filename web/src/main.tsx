import { QueryClient, QueryClientProvider } from "@tanstack/react-query";
import { RouterProvider } from "@tanstack/react-router";
import { StrictMode } from "react";
import { createRoot } from "react-dom/client";
import { ProblemError } from "./api/client";
import { sessionQuery } from "./api/queries";
import { LanguageProvider, loadLanguage, preferredLocale } from "./i18n";
import { makeRouter } from "./routes/router";
import "./styles.css";
import { TooltipProvider } from "./ui/tooltip";

const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // The socket keeps the cache true; refetching on every focus would only make rows flicker.
      staleTime: 5 * 60_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) => !(error instanceof ProblemError) && failures < 2,
      // Asked even while the browser thinks it is offline: a failed request says so better than silence.
      networkMode: "always",
    },
    mutations: { networkMode: "always" },
  },
});

async function start(): Promise<void> {
  const root = document.getElementById("root");
  if (!root) throw new Error("index.html has lost its #root");
  // Both are on their way while the language loads: the page needs them next.
  void queryClient.prefetchQuery(sessionQuery);
  if (!/^\/(login|ui)/.test(location.pathname)) void import("./routes/app");
  if (/^\/(inbox|$)/.test(location.pathname)) void import("./routes/inbox");
  const language = await loadLanguage(preferredLocale());
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <LanguageProvider initial={language}>
          <TooltipProvider delayDuration={450} skipDelayDuration={200}>
            <RouterProvider router={makeRouter(queryClient)} />
          </TooltipProvider>
        </LanguageProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
}

void start();
