// Pictures: sent to and fetched from the server with the session secret.

export const MOST_BYTES = 8 * 1024 * 1024;
export const MEDIA_TYPES = ["image/jpeg", "image/png", "image/webp", "image/gif"];

/** The code of the refusal that the server would give, or null. @param {{size: number, type: string}} file */
export function refusal(file) {
  if (!MEDIA_TYPES.includes(file.type)) return "unsupported";
  return file.size > MOST_BYTES ? "too_large" : null;
}

export class FileError extends Error {
  /** @param {string} code */
  constructor(code) {
    super(`the file was refused: ${code}`);
    this.code = code;
  }
}

/**
 * @param {string} server @param {string} session @param {File} file
 * @returns {Promise<string>} the id under which it is sent; throws `FileError`
 */
export async function upload(server, session, file) {
  const body = new FormData();
  body.append("file", file);
  const response = await ask(`${server}/api/chat/files`, { method: "POST", body, headers: bearer(session) });
  const answer = await response.json().catch(() => ({}));
  if (response.ok && typeof answer.file === "string") return answer.file;
  throw new FileError(answer.error?.code ?? "unavailable");
}

/** A picture of the conversation as an address for `img`; other addresses are left as they are.
 * @param {string} server @param {string|null} session @param {string} image @returns {Promise<string>} */
export async function pictureUrl(server, session, image) {
  const url = new URL(image, server);
  if (url.protocol === "blob:") return image;
  if (url.protocol !== "https:" && url.protocol !== "http:") throw new FileError("unsupported");
  if (url.origin !== new URL(server).origin || !url.pathname.startsWith("/api/chat/files/")) return url.href;
  const response = await ask(url.href, { headers: session ? bearer(session) : {} });
  if (!response.ok) throw new FileError("not_found");
  return URL.createObjectURL(await response.blob());
}

/** @param {string} session */
function bearer(session) {
  return { Authorization: `Bearer ${session}` };
}

/** @param {string} url @param {RequestInit} options */
async function ask(url, options) {
  try {
    return await fetch(url, options);
  } catch {
    throw new FileError("unavailable");
  }
}
