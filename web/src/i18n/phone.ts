/** A number as people in its country write it; one we have no habit for stays as it is, in E.164. */
export function formatPhone(e164: string): string {
  const brazil = /^\+55(\d{2})(\d{4,5})(\d{4})$/.exec(e164);
  if (brazil) return `+55 ${brazil[1]} ${brazil[2]}-${brazil[3]}`;
  const north = /^\+1(\d{3})(\d{3})(\d{4})$/.exec(e164);
  if (north) return `+1 ${north[1]} ${north[2]}-${north[3]}`;
  const others = /^\+(5[1246789]|34|351)(\d{1,3})(\d{4})(\d{4})$/.exec(e164);
  return others ? `+${others.slice(1).join(" ")}` : e164;
}
