import { useLanguage } from "@/i18n";
import { Dialog } from "@/ui";
import type { DialogProps } from "./form";
import { TemplateChooser } from "./template-chooser";

/** A template for the open conversation: the way to write when the window is closed. */
export default function TemplateDialog({ conversation, onSend, onClose }: DialogProps) {
  const { t } = useLanguage();
  return (
    <Dialog open onOpenChange={(open) => !open && onClose(false)} title={t.sending.template.title} wide>
      <TemplateChooser
        numberId={conversation.number.id}
        contact={conversation.contact}
        costOf={{ conversation_id: conversation.id }}
        onSend={onSend}
        onSent={() => onClose(true)}
      />
    </Dialog>
  );
}
