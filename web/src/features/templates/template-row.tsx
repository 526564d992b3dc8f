import { Link } from "@tanstack/react-router";
import { memo } from "react";
import type { Template } from "@/api/types";
import { useLanguage } from "@/i18n";
import { Chip, cx } from "@/ui";
import type { TemplateSearch } from "./search";
import { languageName, snippet, statusName, statusTone } from "./words";

interface Props {
  template: Template;
  search: TemplateSearch;
  selected: boolean;
}

/** One template: its name, what it says, its category and language, and its status unless all is well. */
export const TemplateRow = memo(function TemplateRow({ template, search, selected }: Props) {
  const { t } = useLanguage();
  return (
    <Link
      to="/templates/$templateId"
      params={{ templateId: template.id }}
      search={search}
      preload={false}
      aria-current={selected ? "page" : undefined}
      className={cx(
        "relative flex min-h-16 flex-col justify-center gap-0.5 px-4 py-2 -outline-offset-2 touch:min-h-18",
        selected ? "bg-bg-selected" : "hover:bg-bg-hover",
      )}
    >
      {selected && <span aria-hidden className="absolute inset-y-0 left-0 w-0.75 bg-accent" />}
      <span className="flex items-center gap-2">
        <span className="min-w-0 flex-1 truncate font-medium">{template.name}</span>
        <span className="shrink-0 text-meta text-text-muted">{languageName(t, template.language)}</span>
      </span>
      <span className="flex h-5 items-center gap-2">
        <bdi className="min-w-0 flex-1 truncate text-small text-text-muted">{snippet(template)}</bdi>
        {template.status === "approved" ? (
          <span className="shrink-0 text-meta text-text-muted">
            {t.templates.categories[template.category]}
          </span>
        ) : (
          <Chip tone={statusTone(template.status)}>{statusName(t, template.status)}</Chip>
        )}
      </span>
    </Link>
  );
});
