import type { Template } from "@/api/types";
import { useLanguage } from "@/i18n";
import { Chip } from "@/ui";

export function CategoryChip({ template }: { template: Template }) {
  const { t } = useLanguage();
  const tone = template.category === "marketing" ? "note" : "neutral";
  return <Chip tone={tone}>{t.sending.template.categories[template.category]}</Chip>;
}
