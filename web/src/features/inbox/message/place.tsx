import { ExternalLink, MapPin } from "lucide-react";
import type { LocationContent } from "@/api/types";
import { useLanguage } from "@/i18n";
import { Icon } from "@/ui";

/** No map is fetched from others until somebody asks: then it opens beside this page, without saying from where. */
export function mapUrl({ latitude, longitude }: LocationContent): string {
  return `https://www.google.com/maps/search/?api=1&query=${latitude},${longitude}`;
}

/** An address a customer sent is followed only where it leads to a page. */
export function pageUrl(url: string | null | undefined): string | null {
  return url && /^https?:\/\//i.test(url) ? url : null;
}

export function Place({ place }: { place: LocationContent }) {
  const { t } = useLanguage();
  const point = `${place.latitude.toFixed(5)}, ${place.longitude.toFixed(5)}`;
  const more = pageUrl(place.url);
  return (
    <div role="group" aria-label={t.kinds.place} className="w-72 max-w-full">
      <a
        href={mapUrl(place)}
        target="_blank"
        rel="noopener noreferrer"
        className="group block rounded-[9px] focus-visible:-outline-offset-2"
      >
        <Streets />
        <span className="block px-2 pt-1.5">
          <span className="line-clamp-2 font-medium" dir="auto">
            {place.name ?? t.kinds.place}
          </span>
          <span className="line-clamp-3 text-small text-bubble-meta" dir="auto">
            {place.address ?? point}
          </span>
          <span className="mt-1 flex items-center gap-1.5 text-small font-medium text-accent group-hover:underline">
            {t.kinds.openMap}
            <Icon of={ExternalLink} size={14} />
          </span>
        </span>
      </a>
      {more && (
        <a
          href={more}
          target="_blank"
          rel="noopener noreferrer nofollow"
          className="mt-0.5 block truncate px-2 text-small underline underline-offset-2"
        >
          {t.kinds.moreAboutPlace}
        </a>
      )}
    </div>
  );
}

/** Streets of no town: a drawing that says "a place", with the pin in its middle. */
function Streets() {
  return (
    <span className="relative block h-30 overflow-hidden rounded-[9px] bg-bg-sunken" aria-hidden>
      <svg
        viewBox="0 0 288 120"
        preserveAspectRatio="xMidYMid slice"
        className="size-full"
        role="presentation"
      >
        <g fill="none" className="stroke-line" strokeWidth="7">
          <path d="M-10 34 118 52 300 22M-10 96 96 84 300 104M62-10 84 130M206-10 188 130" />
        </g>
        <g fill="none" className="stroke-line" strokeWidth="3">
          <path d="M-10 66 300 62M24-10 34 130M130-10 138 130M252-10 246 130M-10 8 300 2M150 74 260 84" />
        </g>
        <path d="M214 66h28v14h-30z" className="fill-ok-soft" />
        <path d="M92 62h30l2 14h-30z" className="fill-ok-soft" />
      </svg>
      <span className="absolute top-1/2 left-1/2 flex size-9 -translate-x-1/2 -translate-y-1/2 items-center justify-center rounded-full bg-accent text-accent-text shadow-float">
        <Icon of={MapPin} size={18} />
      </span>
    </span>
  );
}
