export { ConnectionBanner } from "./connection-banner";
export { NavBar, NavRail } from "./nav";
export { NumbersBanner } from "./numbers-banner";
export { ShellProvider } from "./shell-context";
