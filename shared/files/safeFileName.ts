const longest = 150

/**
 * A file's name as it may be shown and saved under: without a path, control characters, or marks that turn the direction of
 * writing round, by which `fdp.exe` reads as `exe.pdf`. The end is kept, for what kind of file it is.
 */
export function safeFileName(name: string): string {
  const clean = name
    .toWellFormed()
    .normalize("NFC")
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\uFFFD]/gu, "")
    .replaceAll(/[/\\:*?"<>|]/g, "_")
    .replaceAll(/\s+/gu, " ")
    .trim()
    .replace(/^\.+/, "")
  const letters = [...clean]
  if (letters.length <= longest) return clean || "file"
  const end = /\.[\p{L}\p{N}]{1,12}$/u.exec(clean)?.[0] ?? ""
  return letters.slice(0, longest - end.length).join("") + end
}
