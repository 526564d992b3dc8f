/** The picture customers see: as it is at Meta, or as it would be. It is uploaded here and then given to her. */
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Camera, ImageOff } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { changePicture, pictureAddress, upload } from "@/api/calls";
import { ProblemError } from "@/api/client";
import { keys } from "@/api/queries";
import type { PhoneNumber, NumberProfile as Profile } from "@/api/types";
import { useLanguage } from "@/i18n";
import { problemText } from "@/i18n/problems";
import type { Messages } from "@/i18n/pt-BR";
import { Banner, Button, Icon, toast } from "@/ui";

const TYPES = ["image/jpeg", "image/png"];
const MOST_BYTES = 5 * 1024 * 1024;

export function ProfilePicture({
  number,
  profile,
  manages,
}: {
  number: PhoneNumber;
  profile: Profile;
  manages: boolean;
}) {
  const { t } = useLanguage();
  const w = t.numbers;
  const client = useQueryClient();
  const input = useRef<HTMLInputElement>(null);
  const [chosen, setChosen] = useState<File | null>(null);
  const [refusal, setRefusal] = useState<string | null>(null);
  const preview = useObjectUrl(chosen);
  const save = useMutation({
    mutationFn: async (file: File) => {
      const kept = await upload(
        file,
        { filename: file.name, as: "image" },
        { onProgress: () => {}, signal: new AbortController().signal },
      );
      return changePicture(number.id, kept.id);
    },
    onSuccess: (saved) => {
      client.setQueryData(keys.numberProfile(number.id), saved);
      setChosen(null);
      toast({ text: w.pictureSaved });
    },
  });
  const choose = (file: File) => {
    save.reset();
    const why = !TYPES.includes(file.type)
      ? w.pictureWrongType
      : file.size > MOST_BYTES
        ? w.pictureTooLarge
        : null;
    setRefusal(why);
    setChosen(why ? null : file);
  };
  const shown = preview ?? (profile.profile_picture_url ? pictureAddress(number.id, profile) : null);
  const trouble = refusal ?? (save.isError ? pictureProblem(t, save.error) : null);
  return (
    <div className="flex flex-col gap-2">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-2">
        <Shown key={shown} address={shown} />
        <div className="flex min-w-0 flex-col gap-1.5">
          <p className="text-small font-medium">{w.picture}</p>
          {manages && (
            <div className="flex flex-wrap gap-2">
              {chosen ? (
                <>
                  <Button kind="primary" busy={save.isPending} onClick={() => save.mutate(chosen)}>
                    {w.pictureUse}
                  </Button>
                  <Button
                    disabled={save.isPending}
                    onClick={() => {
                      save.reset();
                      setChosen(null);
                    }}
                  >
                    {t.cancel}
                  </Button>
                </>
              ) : (
                <Button icon={Camera} onClick={() => input.current?.click()}>
                  {profile.profile_picture_url ? w.pictureReplace : w.pictureChoose}
                </Button>
              )}
            </div>
          )}
          {manages && <p className="text-meta text-text-muted">{w.pictureHint}</p>}
        </div>
      </div>
      {trouble && (
        <div role="alert">
          <Banner tone="danger" className="rounded-control">
            {trouble}
          </Banner>
        </div>
      )}
      <input
        ref={input}
        type="file"
        hidden
        aria-label={w.picture}
        accept={TYPES.join(",")}
        onChange={(event) => {
          const [file] = event.target.files ?? [];
          event.target.value = "";
          if (file) choose(file);
        }}
      />
    </div>
  );
}

/** Round, as WhatsApp cuts it. A picture that cannot be had looks like none. */
function Shown({ address }: { address: string | null }) {
  const { t } = useLanguage();
  const [broken, setBroken] = useState(false);
  if (address === null || broken) {
    return (
      <span
        role="img"
        aria-label={t.numbers.pictureNone}
        className="inline-flex size-20 shrink-0 items-center justify-center rounded-full border border-line-strong bg-bg-sunken text-text-muted"
      >
        <Icon of={ImageOff} size={20} />
      </span>
    );
  }
  return (
    <img
      src={address}
      alt={t.numbers.picture}
      onError={() => setBroken(true)}
      className="size-20 shrink-0 rounded-full border border-line object-cover"
    />
  );
}

function pictureProblem(t: Messages, error: unknown): string {
  if (!(error instanceof ProblemError)) return problemText(t, error);
  if (error.code === "file_too_large") return t.numbers.pictureTooLarge;
  if (error.code === "file_type_not_allowed" || error.code === "file_empty")
    return t.numbers.pictureWrongType;
  if (error.code === "meta_refused") return t.numbers.pictureRefused(error.problem.detail ?? "").trim();
  return problemText(t, error);
}

function useObjectUrl(file: File | null): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (!file) {
      setUrl(null);
      return;
    }
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  return url;
}
