/** A phone number as people type it, in E.164; what it really is, the server knows better. */

/** Countries our numbers stand in, longest first. */
const CODES = ["351", "55", "54", "52", "56", "57", "51", "34", "1"];
const LEAST = 8;
const MOST = 15;

/** Without a plus it is a number of the country that `ours` is in. Null when it can be no phone number. */
export function toE164(text: string, ours: string): string | null {
  if (!/^[+\d\s().-]+$/.test(text.trim())) return null;
  const digits = text.replace(/\D/g, "");
  const code = CODES.find((one) => ours.replace(/\D/g, "").startsWith(one));
  if (digits.length < LEAST || digits.length > MOST) return null;
  if (text.trim().startsWith("+")) return `+${digits}`;
  if (!code) return null;
  // Typed with the country's code but without the plus: longer than any number inside the country.
  const whole = digits.startsWith(code) && digits.length > 11;
  return whole ? `+${digits}` : `+${code}${digits.replace(/^0+/, "")}`;
}
