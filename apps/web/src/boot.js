// Text size and theme before the first paint. A file of its own, because pages run no script that stands in them.
(function () {
  try {
    var root = document.documentElement;
    var scale = localStorage.getItem('jangteo.scale');
    var theme = localStorage.getItem('jangteo.theme');
    if (scale === '1.25' || scale === '1.5') root.dataset.scale = scale;
    if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
  } catch {
    // Without storage the device's settings count.
  }
})();
