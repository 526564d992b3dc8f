import { WifiOff } from "lucide-react";
import { useEffect, useState } from "react";
import { useLanguage } from "@/i18n";
import { useLiveState, useOnline } from "@/live/live-provider";
import { Banner } from "@/ui";

/** A hiccup shorter than this is nobody's business. */
const GRACE_MS = 2_500;

/** Says quietly that the page is not hearing news, and that it is being mended. */
export function ConnectionBanner() {
  const { t } = useLanguage();
  const online = useOnline();
  const live = useLiveState();
  const away = !online || live !== "open";
  const [shown, setShown] = useState(false);
  useEffect(() => {
    if (!away) {
      setShown(false);
      return;
    }
    const timer = setTimeout(() => setShown(true), online ? GRACE_MS : 0);
    return () => clearTimeout(timer);
  }, [away, online]);
  return (
    <div role="status">
      {shown && away && (
        <Banner tone="warn" icon={WifiOff} className="justify-center border-b border-line py-1.5 text-meta">
          {online ? t.reconnecting : t.offline}
        </Banner>
      )}
    </div>
  );
}
