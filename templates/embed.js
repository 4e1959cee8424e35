/* Shows the state of a service on another site. Fails silently: nothing to see is better than a broken page. */
(function () {
  'use strict';
  var me = document.currentScript;
  if (!me || !window.fetch) return;
  var home = me.src.replace(/embed\.js.*$/, '');
  var bar = me.getAttribute('data-show') === 'bar';
  // Our own page for frames shows the state already, and keeps it true.
  var frame = me.getAttribute('data-show') === 'frame';
  var shown = null;

  function look(element, style) {
    for (var key in style) element.style[key] = style[key];
    return element;
  }

  function renew(state) {
    var link = document.querySelector('main a');
    var told = !!(state && state.health);
    link.querySelector('b').hidden = link.querySelector('.text').hidden = !told;
    if (!told) return;
    link.className = 'is-' + state.health;
    link.querySelector('b').textContent = state.word;
    link.querySelector('.text').textContent = state.text || '';
    document.title = state.title + ': ' + state.word;
  }

  function draw(state) {
    if (frame) { renew(state); return; }
    if (shown) { shown.remove(); shown = null; }
    // What cannot be asked is not claimed, and a bar is for bad news only.
    if (!state || !state.health || (bar && state.health === 'ok')) return;
    var link = look(document.createElement('a'), {
      display: bar ? 'block' : 'inline-block', padding: bar ? '.5em 1em' : '.1em .5em',
      borderRadius: bar ? '0' : '.25em', background: state.colour, color: '#fff',
      font: '600 14px/1.5 system-ui, sans-serif', textDecoration: 'none', textAlign: bar ? 'center' : 'start'
    });
    link.href = /^https?:/.test(state.url) ? state.url : home;
    link.dir = 'auto';
    link.textContent = state.title + ': ' + state.word + (bar && state.text ? ' – ' + state.text : '');
    if (bar) {
      link.setAttribute('role', 'status');
      if (!document.body) return;
      document.body.insertBefore(link, document.body.firstChild);
    } else {
      me.parentNode.insertBefore(link, me.nextSibling);
    }
    shown = link;
  }

  function ask() {
    if (document.hidden) return;
    fetch(home + 'api/embed.json', { credentials: 'omit' })
      .then(function (answer) { return answer.ok ? answer.json() : null; })
      .then(draw)
      .catch(function () { draw(null); });
  }

  function start() {
    ask();
    setInterval(ask, 60000);
    document.addEventListener('visibilitychange', ask);
  }
  if (document.body) start(); else document.addEventListener('DOMContentLoaded', start);
})();
