/**
 * The extension's own database. Everything that must outlive the service worker is here, and so is
 * every secret: unlike `chrome.storage`, content scripts cannot open it.
 *
 * - `settings`: {name, value}: the service paired with, a grant in progress, the watches last seen
 * - `keys`: {name, pair}: the signing key, which cannot be exported
 * - `drafts` and `frames`: a capture in the making
 * - `captures`: one row each, for ever; `seq` is the order in which they are sent
 * - `parts`: the bytes to upload, until the receipt is stored
 * - `actions`: what the person told or asked for, and looks of the person's own; sent in the order of `seq`
 * - `originals`: pictures as they were before they were masked, with their salts; never sent
 * - `looked`: {watch, ...}: what the own look at a watched post saw last
 *
 * @typedef {"settings" | "keys" | "drafts" | "frames" | "captures" | "parts" | "actions" | "looked" | "originals"} StoreName
 */

const NAME = "rature";
const VERSION = 3;

/** @returns {Promise<IDBDatabase>} */
function open() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, VERSION);
    request.onupgradeneeded = ({ oldVersion }) => {
      if (oldVersion < 1) create(request.result);
      if (oldVersion < 2) addActions(request.result);
      if (oldVersion < 3) request.result.createObjectStore("originals", { keyPath: "id" });
    };
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close();
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
}

/** @param {IDBDatabase} db */
function create(db) {
  db.createObjectStore("settings", { keyPath: "name" });
  db.createObjectStore("keys", { keyPath: "name" });
  db.createObjectStore("drafts", { keyPath: "id" });
  db.createObjectStore("frames", { keyPath: ["draft", "index"] });
  const captures = db.createObjectStore("captures", { keyPath: "seq", autoIncrement: true });
  captures.createIndex("id", "id", { unique: true });
  db.createObjectStore("parts", { keyPath: "id" });
}

/** @param {IDBDatabase} db */
function addActions(db) {
  const actions = db.createObjectStore("actions", { keyPath: "seq", autoIncrement: true });
  actions.createIndex("id", "id", { unique: true });
  db.createObjectStore("looked", { keyPath: "watch" });
}

/**
 * Runs requests in one transaction and waits until it is on disk (`durability: strict`: an
 * acknowledged write survives a crash).
 *
 * @template T
 * @param {StoreName[]} names
 * @param {IDBTransactionMode} mode
 * @param {(stores: Record<string, IDBObjectStore>) => IDBRequest<T> | void} work
 * @returns {Promise<T>} the result of the request that `work` returns
 */
export async function transact(names, mode, work) {
  const db = await open();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = db.transaction(names, mode, { durability: "strict" });
      const stores = Object.fromEntries(names.map((name) => [name, transaction.objectStore(name)]));
      const request = work(stores);
      transaction.oncomplete = () => resolve(/** @type {T} */ (request?.result));
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    db.close();
  }
}

/** @param {StoreName} store @param {IDBValidKey} key @returns {Promise<any>} */
export function get(store, key) {
  return transact([store], "readonly", (stores) => stores[store].get(key));
}

/** @param {StoreName} store @returns {Promise<any[]>} in the order of the keys */
export function all(store) {
  return transact([store], "readonly", (stores) => stores[store].getAll());
}

/** @param {StoreName} store @param {object} value */
export function put(store, value) {
  return transact([store], "readwrite", (stores) => stores[store].put(value));
}

/** @param {StoreName} store @param {IDBValidKey | IDBKeyRange} key */
export function remove(store, key) {
  return transact([store], "readwrite", (stores) => stores[store].delete(key));
}
