/** Where Meta's dialog comes back to, in its own window: hands the code on and closes. */
import { useEffect } from "react";
import { passSignupOn } from "@/features/settings/numbers/signup";
import { useLanguage } from "@/i18n";

export function SignupReturnPage() {
  const { t } = useLanguage();
  useEffect(() => {
    passSignupOn(window.location.search);
    // The code has done its work; it must not stay in the address, the history or a screenshot.
    window.history.replaceState(null, "", window.location.pathname);
    window.close();
  }, []);
  return (
    <main className="flex h-full flex-col items-center justify-center gap-1 px-6 text-center">
      <h1 className="text-title font-semibold">{t.numbers.redirectTitle}</h1>
      <p className="text-text-muted">{t.numbers.redirectText}</p>
    </main>
  );
}
