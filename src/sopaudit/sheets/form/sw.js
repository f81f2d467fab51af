// Keeps the form beside it for days without a network; written by `sopaudit sheet … --to html -o FOLDER`.
const OURS = `sopaudit ${self.registration.scope} `;
const KEPT = `${OURS}%DIGEST%`;

self.addEventListener("install", (event) => {
  const all = ["./", "index.html", "manifest.webmanifest", "icon.svg"];
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll(all)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => {
  // Those of an older form in this folder go; of other folders nothing is known here.
  event.waitUntil(caches.keys()
    .then((names) => Promise.all(names.filter((name) => name.startsWith(OURS) && name !== KEPT).map((name) => caches.delete(name))))
    .then(() => self.clients.claim()));
});
self.addEventListener("fetch", (event) => {
  if (event.request.method !== "GET") return;
  event.respondWith(caches.match(event.request, { ignoreSearch: true }).then((kept) => kept || fetch(event.request)));
});
