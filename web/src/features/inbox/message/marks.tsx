/** What stands around a message: where it came from, what became of it, how people reacted. */
import { Ban, ExternalLink, Forward, Megaphone, TriangleAlert } from "lucide-react";
import type { Message, Referral } from "@/api/types";
import { useLanguage } from "@/i18n";
import { cx, Icon } from "@/ui";
import { pageUrl } from "./place";
import { useThread } from "./thread-context";

export function ForwardedMark() {
  const { t } = useLanguage();
  return (
    <span className="mb-0.5 flex items-center gap-1 text-meta text-bubble-meta">
      <Icon of={Forward} size={14} />
      {t.kinds.forwarded}
    </span>
  );
}

export function RevokedLine({ ours }: { ours: boolean }) {
  const { t } = useLanguage();
  return (
    <span className="inline-flex items-center gap-1.5 text-bubble-meta italic">
      <Icon of={Ban} size={14} />
      {ours ? t.kinds.revokedByUs : t.kinds.revokedByContact}
    </span>
  );
}

/** The ad or post that brought the customer here. */
export function ReferralCard({ referral }: { referral: Referral }) {
  const { t } = useLanguage();
  const post = referral.source_type === "post";
  const name = post ? t.kinds.fromPost : t.kinds.fromAd;
  const url = pageUrl(referral.source_url);
  return (
    <div
      role="group"
      aria-label={name}
      className="mb-1.5 w-72 max-w-full rounded-[9px] bg-bg-sunken/60 px-2.5 py-2 text-small"
    >
      <span className="flex items-center gap-1.5 text-meta text-bubble-meta">
        <Icon of={Megaphone} size={14} />
        {name}
      </span>
      {referral.headline && (
        <p className="mt-0.5 line-clamp-2 font-medium wrap-anywhere" dir="auto">
          {referral.headline}
        </p>
      )}
      {referral.body && (
        <p className="line-clamp-3 text-bubble-meta wrap-anywhere" dir="auto">
          {referral.body}
        </p>
      )}
      {url && (
        <a
          href={url}
          target="_blank"
          rel="noopener noreferrer nofollow"
          className="mt-1 inline-flex items-center gap-1.5 font-medium text-accent hover:underline"
        >
          {post ? t.kinds.openPost : t.kinds.openAd}
          <Icon of={ExternalLink} size={14} />
        </a>
      )}
    </div>
  );
}

/** Our reaction is not on the customer's phone, or may not be. */
export function ReactionTrouble({ message }: { message: Message }) {
  const { t } = useLanguage();
  const { reaction_error: error } = message;
  if (!error) return null;
  const reasons: Record<string, { what: string }> = t.failures;
  const why = reasons[error.reason]?.what ?? error.title;
  return (
    <p role="note" className="mt-1 flex items-start gap-1.5 text-small text-warn">
      <Icon of={TriangleAlert} className="mt-px" />
      {t.sending.reactionFailed(why)}
    </p>
  );
}

/** Under the bubble and a little over its edge, as people know it. */
export function Reactions({ message, ours }: { message: Message; ours: boolean }) {
  const { t, f } = useLanguage();
  const { contactName } = useThread();
  return (
    <ul
      aria-label={t.kinds.reactions}
      className={cx("relative -mt-1.5 flex gap-1 px-2 pb-1", ours ? "justify-end" : "justify-start")}
    >
      {message.reactions.map(({ emoji, by, at }) => {
        const who = t.kinds.reactedBy(by === "us" ? t.authors.user : contactName);
        return (
          <li
            key={by}
            title={`${who}, ${f.full(at)}`}
            className="flex h-6 min-w-7 items-center justify-center rounded-full bg-bg-raised px-1.5 text-body ring-1 ring-line"
          >
            {emoji}
            <span className="sr-only"> {who}</span>
          </li>
        );
      })}
    </ul>
  );
}
