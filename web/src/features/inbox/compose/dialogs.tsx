/** The dialogs behind the composer's menu: one for each kind that needs more than a file or a line of words. */
import { lazy } from "react";
import type { Conversation } from "@/api/types";
import { keepDraft, readDraft } from "../outbox";
import { ButtonsDialog } from "./buttons-dialog";
import { ContactsDialog } from "./contacts-dialog";
import type { DialogProps, Send } from "./form";
import { LinkDialog } from "./link-dialog";
import { ListDialog } from "./list-dialog";
import { LocationDialog } from "./location-dialog";
import type { ComposeDialog } from "./plus-menu";
import { ProductsDialog } from "./products-dialog";
import { AskContactDialog, AskLocationDialog } from "./request-dialog";

const TemplateDialog = lazy(() => import("./template-dialog"));

const dialogs: Record<ComposeDialog, (props: DialogProps) => React.ReactNode> = {
  location: LocationDialog,
  contacts: ContactsDialog,
  buttons: ButtonsDialog,
  list: ListDialog,
  link: LinkDialog,
  askLocation: AskLocationDialog,
  askContact: AskContactDialog,
  products: ProductsDialog,
  template: (props) => <TemplateDialog {...props} />,
};

/** Kinds whose words begin with what stood in the field. */
const TAKES_DRAFT = new Set<ComposeDialog>([
  "buttons",
  "list",
  "link",
  "askLocation",
  "askContact",
  "products",
]);

export default function ComposeDialogs({
  kind,
  conversation,
  onSend,
  onClose,
}: {
  kind: ComposeDialog;
  conversation: Conversation;
  onSend: Send;
  onClose: () => void;
}) {
  const Chosen = dialogs[kind];
  const draft = TAKES_DRAFT.has(kind) ? readDraft(conversation.id) : "";
  const close = (sent: boolean) => {
    if (sent && draft) {
      keepDraft(conversation.id, "");
      window.dispatchEvent(new CustomEvent("clientela:draft", { detail: conversation.id }));
    }
    onClose();
  };
  return <Chosen conversation={conversation} draft={draft} onSend={onSend} onClose={close} />;
}
