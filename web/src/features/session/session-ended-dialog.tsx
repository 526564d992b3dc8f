import { useLanguage } from "@/i18n";
import { Dialog } from "@/ui";
import { LoginForm } from "./login-form";
import { useAdoptSession, useSession, useSessionEnded } from "./session";

/** The login ran out under somebody's hands: log in again in place, with everything typed still there. */
export function SessionEndedDialog() {
  const { t } = useLanguage();
  const ended = useSessionEnded();
  const session = useSession();
  const adopt = useAdoptSession();
  return (
    <Dialog
      open={ended}
      onOpenChange={() => {}}
      modalOnly
      title={t.sessionEndedTitle}
      description={t.sessionEndedText}
    >
      <LoginForm email={session.user.email} onLoggedIn={adopt} />
    </Dialog>
  );
}
