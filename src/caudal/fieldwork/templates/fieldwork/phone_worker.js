// Keeps the application on the telephone, and nothing else: what is told or captured never passes through here.
const SHELL = "{{ shell|escapejs }}";
const CACHE = "campo-{{ version|escapejs }}";
const FILES = [{% for file in files %}"{{ file|escapejs }}"{% if not forloop.last %}, {% endif %}{% endfor %}];

self.addEventListener("install", (event) => {
  event.waitUntil((async () => {
    const cache = await caches.open(CACHE);
    // from the server itself: a file kept by the browser could be of the version before
    await cache.addAll(FILES.map((each) => new Request(each, { cache: "reload", credentials: "omit" })));
    await self.skipWaiting();
  })());
});

self.addEventListener("activate", (event) => {
  event.waitUntil((async () => {
    for (const name of await caches.keys()) {
      if (name.startsWith("campo-") && name !== CACHE) await caches.delete(name);
    }
    await self.clients.claim();
  })());
});

self.addEventListener("fetch", (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== "GET" || origin !== self.location.origin || !FILES.includes(pathname)) return;
  event.respondWith((async () => {
    const kept = await (await caches.open(CACHE)).match(pathname);
    return kept ?? fetch(event.request);
  })());
});
