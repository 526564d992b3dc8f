import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { recordMarketing } from "@/api/calls";
import type { Contact } from "@/api/types";
import { useLanguage } from "@/i18n";
import { problemText } from "@/i18n/problems";
import { applyContact } from "@/live/apply";
import { Button, Dialog, DialogActions, Field, TextArea, toast } from "@/ui";

/** Whether they want marketing, since when not and who says so; and noting what they said elsewhere. */
export function MarketingPreference({ contact, mayEdit }: { contact: Contact; mayEdit: boolean }) {
  const { t, f } = useLanguage();
  const [asking, setAsking] = useState(false);
  const since = contact.marketing_opted_out_at;
  const by = contact.marketing_opted_out_by;
  const line = !since
    ? t.consent.allowed
    : by
      ? t.consent.stoppedBy(f.date(since), by)
      : t.consent.stoppedHere(f.date(since));
  return (
    <div className="flex flex-col items-start gap-2">
      <p className={since ? "text-small" : "text-small text-text-muted"}>{line}</p>
      {mayEdit && (
        <Button onClick={() => setAsking(true)}>{since ? t.consent.resume : t.consent.stop}</Button>
      )}
      {asking && (
        <NoteDialog contact={contact} choice={since ? "resume" : "stop"} onClose={() => setAsking(false)} />
      )}
    </div>
  );
}

function NoteDialog({
  contact,
  choice,
  onClose,
}: {
  contact: Contact;
  choice: "stop" | "resume";
  onClose: () => void;
}) {
  const { t } = useLanguage();
  const client = useQueryClient();
  const [note, setNote] = useState("");
  const [missing, setMissing] = useState(false);
  const save = useMutation({
    mutationFn: () => recordMarketing(contact.id, choice, note.trim()),
    onSuccess: (changed) => {
      applyContact(client, changed);
      toast({ text: t.consent.saved });
      onClose();
    },
  });
  const submit = () => {
    const needed = choice === "resume" && !note.trim();
    setMissing(needed);
    if (!needed) save.mutate();
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={choice === "stop" ? t.consent.stopTitle : t.consent.resumeTitle}
      description={choice === "stop" ? t.consent.stopText : t.consent.resumeText}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Field
          label={t.consent.note}
          hint={t.consent.noteHint}
          error={missing ? t.consent.noteNeeded : save.isError ? problemText(t, save.error) : undefined}
        >
          {(ids) => (
            <TextArea
              {...ids}
              rows={3}
              maxLength={1000}
              value={note}
              onChange={(event) => setNote(event.target.value)}
            />
          )}
        </Field>
        <DialogActions>
          <Button kind="quiet" onClick={onClose}>
            {t.cancel}
          </Button>
          <Button type="submit" kind="primary" busy={save.isPending}>
            {t.save}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
