// What the telephone keeps, and how it is written: all of it or nothing, on the disk before anybody says «guardado».

const NAME = "campo";
const STORES = { kept: "name", packs: "folio", events: "id", photos: "id" };
let opening = null;

function base() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      for (const [store, keyPath] of Object.entries(STORES)) {
        const made = request.result.createObjectStore(store, { keyPath });
        if (store === "events" || store === "photos") made.createIndex("state", "state");
      }
    };
    request.onsuccess = () => {
      // a newer version of the application waits for nobody
      request.result.onversionchange = () => { request.result.close(); opening = null; };
      resolve(request.result);
    };
    request.onerror = () => { opening = null; reject(request.error); };
  });
  return opening;
}

const answer = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

async function reading(store) {
  return (await base()).transaction(store, "readonly").objectStore(store);
}

export const get = async (store, key) => answer((await reading(store)).get(key));
export const all = async (store) => answer((await reading(store)).getAll());
export const first = async (store, state, most) => answer((await reading(store)).index("state").getAll(state, most));
export const count = async (store, state) => answer((await reading(store)).index("state").count(state));

/** Write and remove together, and answer only when the disk has it: `[store, row]`, `[store, key, "remove"]`. */
export async function write(...acts) {
  const stores = [...new Set(acts.map(([store]) => store))];
  const transaction = (await base()).transaction(stores, "readwrite", { durability: "strict" });
  const done = new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error ?? new DOMException("aborted", "AbortError"));
  });
  try {
    for (const [store, what, act] of acts) {
      if (act === "remove") transaction.objectStore(store).delete(what);
      else transaction.objectStore(store).put(what);
    }
  } catch (trouble) {
    done.catch(() => {});
    transaction.abort();
    throw trouble;
  }
  return done;
}

export const put = (store, row) => write([store, row]);
export const remove = (store, key) => write([store, key, "remove"]);

export const isFull = (trouble) => trouble?.name === "QuotaExceededError" || /quota/i.test(String(trouble?.message));

/** Ask the browser not to sacrifice what is here when room is scarce. */
export async function persist() {
  try { return (await navigator.storage?.persist?.()) ?? false; } catch { return false; }
}

/** Bytes that still fit, as far as the browser tells. */
export async function room() {
  try {
    const { quota, usage } = await navigator.storage.estimate();
    return quota - usage;
  } catch { return Infinity; }
}
