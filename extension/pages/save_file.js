/**
 * Saves a file as a download of the browser.
 * @param {string} name @param {Blob} data
 */
export function saveFile(name, data) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(data);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
