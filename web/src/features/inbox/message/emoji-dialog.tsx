/** Any emoji for a reaction: the common ones to press, every other one to paste or type. */
import { type FormEvent, useState } from "react";
import type { Message } from "@/api/types";
import { useLanguage } from "@/i18n";
import { Button, Dialog, Field, Input } from "@/ui";
import { ourReaction } from "./doing";
import { useThread } from "./thread-context";

const GROUPS = {
  people:
    "😀 😁 😂 🤣 😊 😍 🥰 😘 😋 😎 🤩 🥳 😉 🙂 😅 😌 🤔 🤗 🫡 🤭 😬 😴 😢 😭 😡 🤯 😱 🥺 😔 🙄 👍 👎 👏 🙌 🙏 🤝 👌 ✌️ 🤞 💪 👋 🫶 🤙 👀",
  hearts: "❤️ 🧡 💛 💚 💙 💜 🖤 🤍 🤎 💔 💖 💕 💯 🔥 ✨ ⭐ 🌟 🎉 🎊 🎁 🎂 🥂 🌹 🌻 💐 🌈",
  things: "✅ ❌ ❓ ❗ ⏰ 📅 📦 🚚 🛵 🏠 🏪 💳 💰 💵 🧾 📄 📷 📞 🛒 🛍️ 👗 👠 💄 🍕 🍔 ☕ 🍰 🐶 🐱 ⚽",
} as const;

const ONE_EMOJI =
  /^(?:\p{RI}\p{RI}|\p{Emoji}(?:\p{EMod}|\uFE0F\u20E3?)?(?:\u200D\p{Emoji}(?:\p{EMod}|\uFE0F)?)*)$/u;
const isEmoji = (text: string) => ONE_EMOJI.test(text) && !/^[\d#*]$/.test(text);

export default function EmojiDialog({ message, onClose }: { message: Message; onClose: () => void }) {
  const { t } = useLanguage();
  const { doing } = useThread();
  const [text, setText] = useState("");
  const own = ourReaction(message);
  const wrong = text.trim() !== "" && !isEmoji(text.trim());
  const choose = (emoji: string) => {
    doing.react(message, emoji);
    onClose();
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (isEmoji(text.trim())) choose(text.trim());
  };
  return (
    <Dialog open onOpenChange={onClose} title={t.sending.emojiTitle}>
      <form onSubmit={submit} className="mb-3 flex items-start gap-2">
        <Field label={t.sending.emojiOwn} error={wrong ? t.sending.emojiWrong : undefined} className="flex-1">
          {(ids) => (
            <Input
              {...ids}
              value={text}
              onChange={(event) => setText(event.target.value)}
              autoComplete="off"
            />
          )}
        </Field>
        <Button type="submit" kind="primary" disabled={!isEmoji(text.trim())} className="mt-5.5">
          {t.sending.react}
        </Button>
      </form>
      {(Object.keys(GROUPS) as (keyof typeof GROUPS)[]).map((group) => (
        <div key={group} role="group" aria-label={t.sending.emojiGroups[group]}>
          <p className="pt-2 pb-1 text-meta text-text-muted">{t.sending.emojiGroups[group]}</p>
          <div className="grid grid-cols-[repeat(auto-fill,minmax(2.25rem,1fr))] touch:grid-cols-[repeat(auto-fill,minmax(2.75rem,1fr))]">
            {GROUPS[group].split(" ").map((emoji) => (
              <button
                key={emoji}
                type="button"
                aria-pressed={emoji === own}
                aria-label={emoji === own ? t.sending.takeBack(emoji) : t.sending.reactWith(emoji)}
                onClick={() => choose(emoji)}
                className="flex h-9 items-center justify-center rounded-control text-[1.25rem] hover:bg-bg-hover aria-pressed:bg-accent-soft touch:h-11"
              >
                {emoji}
              </button>
            ))}
          </div>
        </div>
      ))}
    </Dialog>
  );
}
