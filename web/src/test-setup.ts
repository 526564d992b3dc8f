import { cleanup } from "@testing-library/react";
import { afterEach } from "vitest";

// jsdom has no screens: every test starts as a wide window with a mouse.
window.matchMedia ??= (query: string) =>
  ({
    matches: false,
    media: query,
    addEventListener() {},
    removeEventListener() {},
  }) as unknown as MediaQueryList;

afterEach(() => {
  cleanup();
  localStorage.clear();
});
