import { LocateFixed, MapPin } from "lucide-react";
import { useState } from "react";
import type { NewMessage } from "@/api/types";
import { useLanguage } from "@/i18n";
import { Button, Icon } from "@/ui";
import { useStored } from "@/ui/stored";
import { Counted, type DialogProps, fits, SendForm } from "./form";
import { nameIn, placeIn } from "./place-entry";

interface Kept {
  paste: string;
  name: string;
  address: string;
}

const MOST_NAME = 1000;
const KEPT = 4;
const areKept = (value: unknown): value is Kept[] =>
  Array.isArray(value) &&
  value.every((item) => typeof item?.paste === "string" && typeof item.name === "string");

/** A place from a map's address, from coordinates, or where the sender is; the shop's own is sent again with a press. */
export function LocationDialog({ onSend, onClose }: DialogProps) {
  const { t } = useLanguage();
  const words = t.sending;
  const [kept, setKept] = useStored<Kept[]>("sent-places", [], areKept);
  const [paste, setPaste] = useState("");
  const [name, setName] = useState("");
  const [address, setAddress] = useState("");
  const [asking, setAsking] = useState(false);
  const [refused, setRefused] = useState(false);
  const point = placeIn(paste);
  const body: NewMessage | null =
    point && fits(name, MOST_NAME) && fits(address, MOST_NAME)
      ? {
          type: "location",
          ...point,
          ...(name.trim() && { name: name.trim() }),
          ...(address.trim() && { address: address.trim() }),
        }
      : null;
  const onPaste = (text: string) => {
    setPaste(text);
    const found = nameIn(text);
    if (found && !name) setName(found);
  };
  const locate = () => {
    setAsking(true);
    setRefused(false);
    const done = (text: string | null) => {
      setAsking(false);
      setRefused(text === null);
      if (text) setPaste(text);
    };
    if (!navigator.geolocation) return done(null);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => done(`${coords.latitude.toFixed(6)}, ${coords.longitude.toFixed(6)}`),
      () => done(null),
      { enableHighAccuracy: true, timeout: 10_000 },
    );
  };
  const send: DialogProps["onSend"] = async (message, more) => {
    const problem = await onSend(message, more);
    if (!problem)
      setKept([{ paste, name, address }, ...kept.filter((item) => item.paste !== paste)].slice(0, KEPT));
    return problem;
  };
  return (
    <SendForm title={words.locationTitle} body={body} onSend={send} onClose={onClose}>
      {kept.length > 0 && (
        <div>
          <p className="mb-1 text-small font-medium">{words.locationRecent}</p>
          <ul className="flex flex-wrap gap-1.5">
            {kept.map((item) => (
              <li key={item.paste}>
                <button
                  type="button"
                  onClick={() => {
                    setPaste(item.paste);
                    setName(item.name);
                    setAddress(item.address);
                  }}
                  className="flex h-7 max-w-56 items-center gap-1 rounded-full bg-bg-sunken px-2.5 text-small hover:bg-bg-hover touch:h-11"
                >
                  <Icon of={MapPin} size={14} className="text-text-muted" />
                  <span className="truncate">{item.name || item.address || item.paste}</span>
                </button>
              </li>
            ))}
          </ul>
        </div>
      )}
      <Counted
        label={words.locationPaste}
        hint={words.locationPasteHint}
        value={paste}
        onChange={onPaste}
        most={4000}
        error={paste.trim() && !point ? words.locationUnread : refused ? words.locationRefused : undefined}
      />
      <Button icon={LocateFixed} busy={asking} onClick={locate} className="self-start">
        {words.locationHere}
      </Button>
      <Counted label={words.locationName} value={name} onChange={setName} most={MOST_NAME} optional />
      <Counted
        label={words.locationAddress}
        value={address}
        onChange={setAddress}
        most={MOST_NAME}
        optional
      />
    </SendForm>
  );
}
