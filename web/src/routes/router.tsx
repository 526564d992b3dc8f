/** Every page, its address and what it needs before it shows. Pages themselves load when first visited. */
import type { QueryClient } from "@tanstack/react-query";
import {
  createRootRouteWithContext,
  createRoute,
  createRouter,
  lazyRouteComponent,
  redirect,
} from "@tanstack/react-router";
import { ProblemError } from "@/api/client";
import { sessionQuery } from "@/api/queries";
import { readCostSearch } from "@/features/costs/search";
import { readInboxSearch } from "@/features/inbox/search";
import { readTemplateSearch } from "@/features/templates/search";
import { NotFound, Root, RouteError } from "./root";

interface Context {
  queryClient: QueryClient;
}

const rootRoute = createRootRouteWithContext<Context>()({
  component: Root,
  notFoundComponent: NotFound,
  errorComponent: RouteError,
});

const homeRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/inbox", replace: true });
  },
});

interface LoginSearch {
  next?: string;
}

const loginRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/login",
  // Only ways within this site: a link must not carry somebody elsewhere after the password.
  validateSearch: (search: Record<string, unknown>): LoginSearch =>
    typeof search.next === "string" && /^\/(?![/\\])/.test(search.next) ? { next: search.next } : {},
  component: lazyRouteComponent(() => import("./login"), "LoginPage"),
});

const appRoute = createRoute({
  getParentRoute: () => rootRoute,
  id: "app",
  beforeLoad: async ({ context, location }) => {
    try {
      await context.queryClient.ensureQueryData(sessionQuery);
    } catch (error) {
      if (error instanceof ProblemError && error.code === "not_authenticated") {
        throw redirect({ to: "/login", search: { next: location.href }, replace: true });
      }
      throw error;
    }
  },
  component: lazyRouteComponent(() => import("./app"), "AppPage"),
});

const inboxRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/inbox",
  validateSearch: readInboxSearch,
  component: lazyRouteComponent(() => import("./inbox"), "InboxPage"),
});

const conversationRoute = createRoute({
  getParentRoute: () => inboxRoute,
  path: "$conversationId",
});

const templatesRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/templates",
  validateSearch: readTemplateSearch,
  component: lazyRouteComponent(() => import("./templates"), "TemplatesPage"),
});

const templateRoute = createRoute({
  getParentRoute: () => templatesRoute,
  path: "$templateId",
});

const costsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/costs",
  validateSearch: readCostSearch,
  component: lazyRouteComponent(() => import("./costs"), "CostsPage"),
});

const settingsRoute = createRoute({
  getParentRoute: () => appRoute,
  path: "/settings",
  component: lazyRouteComponent(() => import("./settings"), "SettingsPage"),
});

const settingsHome = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/settings/profile", replace: true });
  },
});
const settingsPage = <
  P extends string,
  N extends "ProfilePage" | "UsersPage" | "ApiKeysPage" | "NumbersPage",
>(
  path: P,
  name: N,
) =>
  createRoute({
    getParentRoute: () => settingsRoute,
    path,
    component: lazyRouteComponent(() => import("./settings"), name),
  });

const numberRoute = createRoute({
  getParentRoute: () => settingsRoute,
  path: "/numbers/$numberId",
  component: lazyRouteComponent(() => import("./settings"), "NumberDetailPage"),
});

const signupRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/connect/whatsapp",
  component: lazyRouteComponent(() => import("./signup"), "SignupReturnPage"),
});

const primitivesRoute = createRoute({
  getParentRoute: () => rootRoute,
  path: "/ui",
  component: lazyRouteComponent(() => import("./ui"), "PrimitivesPage"),
});

const routeTree = rootRoute.addChildren([
  homeRoute,
  loginRoute,
  primitivesRoute,
  signupRoute,
  appRoute.addChildren([
    inboxRoute.addChildren([conversationRoute]),
    templatesRoute.addChildren([templateRoute]),
    costsRoute,
    settingsRoute.addChildren([
      settingsHome,
      settingsPage("/profile", "ProfilePage"),
      settingsPage("/users", "UsersPage"),
      settingsPage("/api-keys", "ApiKeysPage"),
      settingsPage("/numbers", "NumbersPage"),
      numberRoute,
    ]),
  ]),
]);

export function makeRouter(queryClient: QueryClient) {
  return createRouter({
    routeTree,
    context: { queryClient },
    defaultPreload: "intent",
    scrollRestoration: false,
  });
}

declare module "@tanstack/react-router" {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
