export { LoginForm } from "./login-form";
export { logOut, switchAccount, useAdoptSession, useMay, useSession } from "./session";
export { SessionEndedDialog } from "./session-ended-dialog";
