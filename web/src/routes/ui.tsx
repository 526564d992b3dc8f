/** Every primitive in every state, for whoever builds a screen or judges one. Words here are not translated. */
import { Archive, Inbox, Plus, Search, Settings, Trash2 } from "lucide-react";
import { type ReactNode, useState } from "react";
import {
  Avatar,
  Badge,
  Banner,
  Button,
  Chip,
  Dialog,
  DialogActions,
  EmptyState,
  Field,
  IconButton,
  Input,
  Kbd,
  Menu,
  MenuChoice,
  MenuItem,
  MenuLabel,
  MenuLine,
  Select,
  Skeleton,
  Table,
  Tabs,
  Td,
  TextArea,
  Th,
  Tr,
  toast,
  useNow,
  WaitingChip,
  WindowChip,
} from "@/ui";
import { setTheme, type Theme, useTheme } from "@/ui/theme";

const MINUTE = 60_000;
const colours = [
  ["bg", "bg-bg"],
  ["bg-raised", "bg-bg-raised"],
  ["bg-sunken", "bg-bg-sunken"],
  ["bg-hover", "bg-bg-hover"],
  ["bg-selected", "bg-bg-selected"],
  ["line", "bg-line"],
  ["line-strong", "bg-line-strong"],
  ["text", "bg-text"],
  ["text-muted", "bg-text-muted"],
  ["accent", "bg-accent"],
  ["accent-soft", "bg-accent-soft"],
  ["bubble-in", "bg-bubble-in"],
  ["bubble-out", "bg-bubble-out"],
  ["note", "bg-note"],
  ["note-soft", "bg-note-soft"],
  ["ok", "bg-ok"],
  ["ok-soft", "bg-ok-soft"],
  ["warn", "bg-warn"],
  ["warn-soft", "bg-warn-soft"],
  ["danger", "bg-danger"],
  ["danger-soft", "bg-danger-soft"],
  ["focus", "bg-focus"],
] as const;

function Part({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="border-t border-line py-5">
      <h2 className="mb-3 text-small font-medium text-text-muted">{title}</h2>
      <div className="flex flex-wrap items-center gap-3">{children}</div>
    </section>
  );
}

export function PrimitivesPage() {
  const theme = useTheme();
  return (
    <main className="h-full overflow-y-auto">
      <div className="mx-auto max-w-5xl px-4 py-8">
        <header className="mb-4 flex flex-wrap items-end justify-between gap-3">
          <div>
            <h1 className="text-title font-semibold">Primitives</h1>
            <p className="text-text-muted">
              src/ui, in every state. docs/reference/design-language.md says why.
            </p>
          </div>
          <Select
            aria-label="Theme"
            value={theme}
            onChange={(event) => setTheme(event.target.value as Theme)}
            className="w-40!"
          >
            <option value="system">system</option>
            <option value="light">light</option>
            <option value="dark">dark</option>
          </Select>
        </header>
        <Colours />
        <Type />
        <Buttons />
        <Fields />
        <Clocks />
        <Floating />
        <States />
        <Tables />
      </div>
    </main>
  );
}

function Colours() {
  return (
    <Part title="Colour by role">
      {colours.map(([name, className]) => (
        <div key={name} className="w-24">
          <div className={`h-10 rounded-control border border-line ${className}`} />
          <code className="text-meta text-text-muted">{name}</code>
        </div>
      ))}
    </Part>
  );
}

function Type() {
  return (
    <Part title="Type">
      <p className="w-full text-title font-semibold">Page title, 20/28 semibold</p>
      <p className="w-full text-touch">Message text on touch, 16/24</p>
      <p className="w-full text-body">
        Body, 14/20: the customer’s words are the brightest thing on the screen
      </p>
      <p className="w-full text-small text-text-muted">Secondary, 13/18, muted</p>
      <p className="w-full text-meta text-text-muted tabular">
        Meta, 12/16, tabular figures: 10:41 11:11 1.284,50
      </p>
    </Part>
  );
}

function Buttons() {
  return (
    <>
      <Part title="Button">
        <Button kind="primary">Primary</Button>
        <Button>Secondary</Button>
        <Button kind="quiet">Quiet</Button>
        <Button kind="danger">Danger</Button>
        <Button kind="primary" icon={Plus}>
          With icon
        </Button>
        <Button kind="primary" busy>
          Busy
        </Button>
        <Button kind="primary" disabled>
          Disabled
        </Button>
        <Button disabled>Disabled</Button>
      </Part>
      <Part title="IconButton, Kbd, Avatar, Badge, Chip">
        <IconButton icon={Search} label="Search" keys="/" />
        <IconButton icon={Settings} label="Settings" keys="g s" kind="secondary" />
        <IconButton icon={Trash2} label="Delete" disabled />
        <Kbd keys="mod+k" />
        <Kbd keys="g i" />
        <Kbd keys="Enter" />
        <Avatar name="Maria Silva" size={16} />
        <Avatar name="João Souza" size={20} />
        <Avatar name="Ana Prado" size={24} />
        <Avatar name="+55 11 98888-7777" size={32} />
        <Avatar name="🌻 Deise" />
        <Avatar name="Loja Aurora" size={36} square />
        <Badge count={1} label="1 unread" />
        <Badge count={128} label="128 unread" />
        <Chip>neutral</Chip>
        <Chip tone="accent">accent</Chip>
        <Chip tone="ok">ok</Chip>
        <Chip tone="warn">warn</Chip>
        <Chip tone="danger">danger</Chip>
        <Chip tone="note">note</Chip>
      </Part>
    </>
  );
}

function Fields() {
  const [tab, setTab] = useState<"one" | "two" | "three">("one");
  return (
    <>
      <Part title="Field, Input, Select, TextArea">
        <Field label="Name" hint="With a hint" className="w-56">
          {(ids) => <Input {...ids} placeholder="Placeholder" />}
        </Field>
        <Field label="E-mail" error="This address is taken." className="w-56">
          {(ids) => <Input {...ids} defaultValue="ana@aurora.example" />}
        </Field>
        <Field label="Disabled" className="w-56">
          {(ids) => <Input {...ids} disabled defaultValue="Cannot change" />}
        </Field>
        <Field label="Role" className="w-56">
          {(ids) => (
            <Select {...ids}>
              <option>Agent</option>
              <option>Manager</option>
            </Select>
          )}
        </Field>
        <Field label="Note" className="w-72">
          {(ids) => <TextArea {...ids} rows={3} defaultValue={"Two lines\nof text"} />}
        </Field>
      </Part>
      <Part title="Tabs">
        <Tabs
          label="Example"
          panelId="tabs-example"
          value={tab}
          onChange={setTab}
          tabs={[
            { id: "one", label: "First" },
            { id: "two", label: "Second" },
            { id: "three", label: "Third" },
          ]}
          className="border-b border-line"
        />
        <p id="tabs-example" role="tabpanel" aria-label="Example">
          {tab}
        </p>
      </Part>
    </>
  );
}

function Clocks() {
  const now = useNow();
  const ago = (minutes: number) => new Date(now - minutes * MINUTE).toISOString();
  return (
    <Part title="Clock chips: calm, warning, breach, closed">
      <WaitingChip since={ago(3)} />
      <WaitingChip since={ago(22)} />
      <WaitingChip since={ago(130)} />
      <span className="h-4 w-px bg-line" />
      <WindowChip endsAt={ago(-60 * 20)} />
      <WindowChip endsAt={ago(-60 * 3)} />
      <WindowChip endsAt={ago(-30)} />
      <WindowChip endsAt={ago(5)} />
      <WindowChip endsAt={null} />
    </Part>
  );
}

function Floating() {
  const [open, setOpen] = useState(false);
  const [sorted, setSorted] = useState("recent");
  return (
    <Part title="Menu, Dialog, Toast">
      <Menu align="start" label="Example" trigger={<Button>Open menu</Button>}>
        <MenuLabel>Actions</MenuLabel>
        <MenuItem icon={Archive} keys="e" onSelect={() => {}}>
          Close conversation
        </MenuItem>
        <MenuItem icon={Trash2} danger onSelect={() => {}}>
          Remove
        </MenuItem>
        <MenuLine />
        {["recent", "waiting"].map((id) => (
          <MenuChoice key={id} checked={sorted === id} onSelect={() => setSorted(id)}>
            {id}
          </MenuChoice>
        ))}
      </Menu>
      <Button onClick={() => setOpen(true)}>Open dialog</Button>
      <Dialog
        open={open}
        onOpenChange={setOpen}
        title="Remove Bruno?"
        description="They lose access at once."
      >
        <DialogActions>
          <Button onClick={() => setOpen(false)}>Cancel</Button>
          <Button kind="danger" onClick={() => setOpen(false)}>
            Remove
          </Button>
        </DialogActions>
      </Dialog>
      <Button
        onClick={() => toast({ text: "Conversation closed", action: { label: "Undo", run: () => {} } })}
      >
        Toast with undo
      </Button>
      <Button onClick={() => toast({ tone: "danger", text: "The server did not answer." })}>
        Toast, danger
      </Button>
    </Part>
  );
}

function States() {
  return (
    <>
      <Part title="Banner">
        <Banner className="w-full rounded-control">For your information.</Banner>
        <Banner tone="ok" className="w-full rounded-control">
          Done.
        </Banner>
        <Banner tone="warn" className="w-full rounded-control" action={<Button>Reconnect</Button>}>
          Reconnecting…
        </Banner>
        <Banner tone="danger" className="w-full rounded-control">
          The e-mail or the password does not match.
        </Banner>
      </Part>
      <Part title="Skeleton, EmptyState">
        <Skeleton className="size-9 rounded-full" />
        <Skeleton className="h-3 w-40" />
        <Skeleton className="h-9 w-56 rounded-bubble" />
        <EmptyState
          icon={Inbox}
          title="No open conversations"
          action={<Button kind="primary">Connect number</Button>}
        >
          As soon as a customer writes, the conversation appears here.
        </EmptyState>
      </Part>
    </>
  );
}

function Tables() {
  return (
    <Part title="Table">
      <Table
        label="People"
        head={
          <>
            <Th>Name</Th>
            <Th>Role</Th>
            <Th className="text-right">Answered</Th>
          </>
        }
      >
        {["Ana Prado", "Bruno Teles"].map((name, index) => (
          <Tr key={name}>
            <Td label="Name" className="font-medium">
              {name}
            </Td>
            <Td label="Role">{index ? "Manager" : "Owner"}</Td>
            <Td label="Answered" className="text-right tabular">
              {1284 - index * 391}
            </Td>
          </Tr>
        ))}
      </Table>
    </Part>
  );
}
