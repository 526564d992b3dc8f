export { ConnectionBanner } from "./connection-banner";
export { NavBar, NavRail } from "./nav";
export { ShellProvider } from "./shell-context";
