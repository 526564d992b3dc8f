/** Finds the point in what people copy from a map. */
export interface Point {
  latitude: number;
  longitude: number;
}

const NUMBER = "(-?\\d{1,3}(?:\\.\\d+)?)";
/** The pin itself stands in a Google address as !3d…!4d…; what follows @ is only the middle of the view. */
const FORMS = [
  new RegExp(`!3d${NUMBER}!4d${NUMBER}`),
  new RegExp(
    `[?&](?:q|query|ll|destination|daddr|center|mlat)=(?:loc:)?${NUMBER}(?:,|%2C|&mlon=)\\s*\\+?${NUMBER}`,
    "i",
  ),
  new RegExp(`^geo:${NUMBER},${NUMBER}`),
  new RegExp(`@${NUMBER},${NUMBER}`),
  new RegExp(`/search/${NUMBER},\\+?${NUMBER}`),
  new RegExp(`^\\s*\\(?${NUMBER}\\s*[,;\\s]\\s*${NUMBER}\\)?\\s*$`),
];

export function placeIn(text: string): Point | null {
  for (const form of FORMS) {
    const found = form.exec(text);
    if (!found) continue;
    const [latitude, longitude] = [Number(found[1]), Number(found[2])];
    if (Math.abs(latitude) <= 90 && Math.abs(longitude) <= 180) return { latitude, longitude };
  }
  return null;
}

/** "Praça Carlos Gomes", when the address of the map says what stands there. */
export function nameIn(text: string): string | null {
  const found = /\/maps\/place\/([^/@?]+)/.exec(text)?.[1];
  if (!found) return null;
  try {
    const name = decodeURIComponent(found.replaceAll("+", " ")).trim();
    return placeIn(name) ? null : name;
  } catch {
    return null;
  }
}
