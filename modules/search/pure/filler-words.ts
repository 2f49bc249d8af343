/** Words that name a kind of thing and not the thing: what is sought is the M of `size M`. A `plus size` is one. */
const FILLER =
  /(?<![\p{L}\p{N}-])(?<!\b(?:plus|one)\s)(?:sizes?|sized|colou?rs?|colou?red|cheap|online)(?![\p{L}\p{N}-])/giu

/** The text without words that no product is called by; a text of such words alone stays as it is. */
export function withoutFillers(text: string): string {
  // What is quoted is meant as it stands.
  if (/["“”„]/.test(text)) return text
  const rest = text.replaceAll(FILLER, ' ').replaceAll(/\s+/g, ' ').trim()
  return rest === '' ? text : rest
}
