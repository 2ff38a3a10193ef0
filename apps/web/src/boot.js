// Before the first paint: text size and theme. A file of its own, because pages run no script that stands in them.
(function () {
  var root = document.documentElement;
  try {
    var scale = localStorage.getItem('jangteo.scale');
    var theme = localStorage.getItem('jangteo.theme');
    if (scale === '1.25' || scale === '1.5') root.dataset.scale = scale;
    if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
  } catch {
    // Without storage the device's settings count.
  }
  // What the page reads first is asked for while its code is still on the way (src/client/early.ts).
  var names = (root.dataset.path || '').split('/');
  var parts = location.pathname.split('/');
  var early = (globalThis.jangteoEarly = {});
  (root.dataset.reads || '').split(' ').forEach(function (pattern) {
    if (pattern === '') return;
    var address = pattern.replace(/:(\w+)/g, function (_, name) {
      return parts[names.indexOf(':' + name)];
    });
    var ending = new AbortController();
    setTimeout(function () {
      ending.abort();
    }, 15000);
    early[address] = fetch(address, {
      headers: { accept: 'application/json', 'accept-language': root.lang },
      cache: 'no-store',
      credentials: 'same-origin',
      signal: ending.signal,
    });
    // Whoever takes it asks again.
    early[address].catch(function () {});
  });
})();
