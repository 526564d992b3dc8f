import { useMutation, useQueryClient } from "@tanstack/react-query";
import { changeAccount } from "@/api/calls";
import { keys } from "@/api/queries";
import type { Session } from "@/api/types";
import { useLanguage } from "@/i18n";
import { problemText } from "@/i18n/problems";
import { Field, Select, toast } from "@/ui";

/** In which time zone days are counted; whoever may change the account may change it. */
export function TimeZone({ session, zone }: { session: Session; zone: string }) {
  const { t } = useLanguage();
  const client = useQueryClient();
  const change = useMutation({
    mutationFn: (time_zone: string) => changeAccount({ time_zone }),
    onSuccess: () => {
      toast({ text: t.saved });
      return client.invalidateQueries({ queryKey: keys.spend });
    },
    onError: (error) => toast({ tone: "danger", text: problemText(t, error) }),
  });
  if (!session.permissions.includes("account.manage")) {
    return (
      <p className="text-meta text-text-muted">
        {t.costs.zone}: {zone}
      </p>
    );
  }
  const zones = Intl.supportedValuesOf("timeZone");
  return (
    <Field label={t.costs.zone} hint={t.costs.zoneText} className="max-w-80">
      {(ids) => (
        <Select
          {...ids}
          value={change.isPending ? change.variables : zone}
          onChange={(event) => change.mutate(event.target.value)}
        >
          {!zones.includes(zone) && <option value={zone}>{zone}</option>}
          {zones.map((one) => (
            <option key={one} value={one}>
              {one.replaceAll("_", " ")}
            </option>
          ))}
        </Select>
      )}
    </Field>
  );
}
