export { ApiKeys } from "./api-keys";
export { SettingsLayout } from "./layout";
export { Numbers } from "./numbers";
export { NumberPage } from "./numbers/number-page";
export { Profile } from "./profile";
export { Users } from "./users";
