// SPDX-License-Identifier: MIT
// Keeps the files of one build. `files` and `version` are filled in by the build; nothing else is ever answered from here.
const version = '%VERSION%';
const files = ['%FILES%'];
const urls = new Set(files.map((file) => new URL(file, self.registration.scope).href));

self.addEventListener('install', (event) => {
  event.waitUntil(
    caches
      .open(version)
      .then((cache) => cache.addAll(files))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener('activate', (event) => {
  const stale = async () => {
    const names = await caches.keys();
    await Promise.all(
      names
        .filter((name) => name.startsWith(version.split('@')[0]) && name !== version)
        .map((name) => caches.delete(name)),
    );
    await self.clients.claim();
  };
  event.waitUntil(stale());
});

self.addEventListener('fetch', (event) => {
  const url = new URL(event.request.url);
  url.hash = '';
  if (event.request.method !== 'GET' || !urls.has(url.href)) return;
  event.respondWith(caches.open(version).then(async (cache) => (await cache.match(url.href)) ?? fetch(event.request)));
});
