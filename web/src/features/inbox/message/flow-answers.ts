/** A form's answers as Meta sends them ("screen_0_Nome_1": "0_Sim") made into lines a person reads. */

interface Words {
  yes: string;
  no: string;
}

/** "screen_0_Data_da_visita_1" → "Data da visita" */
export function answerLabel(key: string): string {
  const bare = key.replace(/^screen_\d+_/i, "").replace(/_\d+$/, "");
  const spaced = bare
    .replace(/([\p{Ll}\d])(\p{Lu})/gu, "$1 $2")
    .replace(/[_-]+/g, " ")
    .trim();
  return spaced ? spaced.charAt(0).toLocaleUpperCase() + spaced.slice(1) : key;
}

/** Choices carry their place in the list before their words. */
const withoutPlace = (text: string) => text.replace(/^\d+_(?=\D)/, "").replaceAll("_", " ");

export function answerValue(value: unknown, words: Words): string {
  if (value === null || value === undefined || value === "") return "–";
  if (typeof value === "boolean") return value ? words.yes : words.no;
  if (typeof value === "string") return /^\d+_\D/.test(value) ? withoutPlace(value) : value;
  if (Array.isArray(value)) return value.map((item) => answerValue(item, words)).join(", ");
  if (typeof value === "object") {
    return Object.entries(value)
      .map(([key, part]) => `${answerLabel(key)}: ${answerValue(part, words)}`)
      .join("\n");
  }
  return String(value);
}

export function flowAnswers(answers: Record<string, unknown>, words: Words) {
  return (
    Object.entries(answers)
      // The token ties the answer to the form that was sent; it says nothing to people.
      .filter(([key]) => key !== "flow_token")
      .map(([key, value]) => ({ key, label: answerLabel(key), value: answerValue(value, words) }))
  );
}
