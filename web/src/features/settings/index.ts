export { ApiKeys } from "./api-keys";
export { SettingsLayout } from "./layout";
export { Numbers } from "./numbers";
export { Profile } from "./profile";
export { Users } from "./users";
