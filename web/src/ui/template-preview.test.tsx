import { screen } from "@testing-library/react";
import { describe, expect, it } from "vitest";
import { show } from "@/test-page";
import { TemplatePreview } from "./template-preview";
import { formatted, unmarked } from "./whatsapp-text";

const template = {
  header: { format: "text", text: "Pedido {{1}}" },
  body: "Olá, *{{customer}}*! Seu pedido chega _hoje_.",
  footer: "Loja Aurora",
  buttons: [{ kind: "quick_reply", text: "Obrigada" }],
  parameters: [
    { key: "header.1", example: "4711" },
    { key: "body.customer", example: "Maria" },
  ],
};

describe("the preview of a template", () => {
  it("shows examples until something is typed, and then what was typed", () => {
    const { rerender } = show(<TemplatePreview template={template} />);
    expect(screen.getByText("4711").dataset.filled).toBe("false");
    expect(screen.getByText("Maria").closest("strong")).toBeTruthy();
    rerender(<TemplatePreview template={template} values={{ "body.customer": "Bia" }} />);
    expect(screen.queryByText("Maria")).toBeNull();
    expect(screen.getByText("Bia").dataset.filled).toBe("true");
  });

  it("shows footer and buttons", () => {
    show(<TemplatePreview template={template} />);
    expect(screen.getByText("Loja Aurora")).toBeTruthy();
    expect(screen.getByRole("list", { name: "Botões" }).textContent).toBe("Obrigada");
  });
});

describe("WhatsApp's marks", () => {
  const html = (text: string) => show(<p>{formatted(text)}</p>).container.innerHTML;
  it("are bold, italic, struck and code, also inside one another", () => {
    expect(html("*a _b_*")).toContain('<strong class="font-semibold">a <em>b</em></strong>');
    expect(html("~x~ `y`")).toContain("<s>x</s>");
  });
  it("vanish where there is one line for the words", () => {
    expect(unmarked("*a _b_* e ~c~, 2*3*4")).toBe("a b e c, 2*3*4");
  });
  it("are signs like any other inside words, over lines, or alone", () => {
    for (const text of ["2*3*4", "snake_case_name", "* a *", "*a\nb*", "**"]) {
      expect(html(text)).toBe(`<p>${text}</p>`);
    }
  });
});
