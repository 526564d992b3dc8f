import { useMutation } from "@tanstack/react-query";
import { useLanguage } from "@/i18n";
import { problemText } from "@/i18n/problems";
import { Banner, Button, Dialog, DialogActions } from "@/ui";

interface Props {
  open: boolean;
  title: string;
  text: string;
  action: string;
  run: () => Promise<unknown>;
  onClose: () => void;
  onDone: () => void;
}

/** For what cannot be undone: says what will stop working, and waits for a second word. */
export function ConfirmDialog({ open, title, text, action, run, onClose, onDone }: Props) {
  const { t } = useLanguage();
  const doIt = useMutation({
    mutationFn: run,
    onSuccess: () => {
      onClose();
      onDone();
    },
  });
  const close = () => {
    doIt.reset();
    onClose();
  };
  return (
    <Dialog open={open} onOpenChange={(next) => !next && close()} title={title} description={text}>
      {doIt.isError && (
        <div role="alert">
          <Banner tone="danger" className="rounded-control">
            {problemText(t, doIt.error)}
          </Banner>
        </div>
      )}
      <DialogActions>
        <Button onClick={close}>{t.cancel}</Button>
        <Button kind="danger" busy={doIt.isPending} onClick={() => doIt.mutate()}>
          {action}
        </Button>
      </DialogActions>
    </Dialog>
  );
}
