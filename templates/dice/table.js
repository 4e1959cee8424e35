// Rolls without leaving the page, and shows what others roll as it happens.
(() => {
  'use strict';
  const table = document.getElementById('table');
  const { room, me } = table.dataset;
  const find = id => document.getElementById(id);
  const form = find('roll'), rolls = find('rolls'), people = find('people');
  const ROLLS_MAX = 30;
  let participants = new Map(), present = null;

  const say = (element, text) => {
    element.textContent = text;
    element.hidden = !text;
  };
  const problem = text => say(find('problem'), text);
  const state = text => say(find('state'), text);

  // --- what is on the table ---

  const fill = (item, roll) => {
    const who = participants.get(roll.user.uuid);
    const name = who ? who.username : roll.user.name;
    item.dataset.roll = roll.uuid;
    item.querySelector('circle').setAttribute('fill', who ? who.color : '#808080');
    item.querySelector('.name').textContent = name;
    item.querySelector('.equation').textContent = roll.equation;
    item.querySelector('.total > span:last-child').textContent = roll.total_value;
    item.querySelector('.line small').hidden = !roll.whisper.length;
    const faces = roll.values.filter(die => !die.is_cleared).map(die => {
      const face = document.createElement('li'), kind = document.createElement('small');
      kind.textContent = die.type;
      face.append(kind, die.is_hidden ? '?' : String(die.value_to_display));
      if (die.is_dropped) {
        const word = document.createElement('span');
        word.className = 'hidden';
        word.textContent = ' dropped';
        face.className = 'dropped';
        face.append(word);
      }
      return face;
    });
    item.querySelector('.faces').replaceChildren(...faces);
    return name;
  };
  const shown = uuid => rolls.querySelector(`[data-roll="${CSS.escape(uuid)}"]`);
  const settle = () => {
    while (rolls.children.length > ROLLS_MAX) rolls.lastElementChild.remove();
    find('empty').hidden = rolls.children.length > 0;
  };
  const fresh = () => find('one-roll').content.firstElementChild.cloneNode(true);
  const created = roll => {
    if (shown(roll.uuid)) return;
    learn(roll.room);
    const item = fresh(), name = fill(item, roll);
    item.classList.add('new');
    rolls.prepend(item);
    settle();
    const line = document.createElement('span');
    line.textContent = `${name} rolled ${roll.equation}: ${roll.total_value}. `;
    find('heard').replaceChildren(line);
  };
  const updated = roll => {
    const old = shown(roll.uuid);
    if (!old) return;
    if (roll.values.every(die => die.is_cleared)) old.remove();
    else {
      const item = fresh();
      fill(item, roll);
      old.replaceWith(item);
    }
    settle();
  };
  const deleted = roll => {
    shown(roll.uuid)?.remove();
    settle();
  };

  // --- who is there ---

  const learn = found => {
    if (found) participants = new Map(found.participants.map(one => [one.user.uuid, one]));
  };
  const seat = one => {
    const item = find('one-person').content.firstElementChild.cloneNode(true);
    const name = item.querySelector('span'), notes = [];
    item.dataset.participant = one.id;
    item.querySelector('circle').setAttribute('fill', one.color);
    name.textContent = one.username;
    if (one.user.uuid === me) notes.push('you');
    if (present && !present.has(String(one.id))) {
      notes.push('away');
      item.className = 'away';
    }
    if (notes.length) {
      const small = document.createElement('small');
      small.textContent = notes.join(', ');
      name.append(' ', small);
    }
    return item;
  };
  const seats = () => {
    if (participants.size) people.replaceChildren(...[...participants.values()].map(seat));
  };
  const arranged = found => {
    learn(found);
    if (!participants.has(me)) return location.reload();
    document.querySelector('h1').textContent = found.name;
    seats();
  };

  // --- asking the service ---

  const send = async (path, method, body) => {
    const response = await fetch(path, {
      method, headers: { 'Content-Type': 'application/json' },
      body: body && JSON.stringify(body), credentials: 'same-origin',
    });
    const answer = await response.json().catch(() => ({}));
    if (response.status === 401) location.reload();
    if (!response.ok) throw new Error(answer.data?.message || answer.message || `error ${response.status}`);
    return answer;
  };
  let isRolling = false;
  form.addEventListener('submit', async event => {
    event.preventDefault();
    const formula = find('formula'), die = event.submitter?.value;
    const equation = (die || formula.value).trim();
    if (isRolling) return;
    if (!equation) return formula.focus();
    isRolling = true;
    event.submitter?.setAttribute('aria-disabled', 'true');
    try {
      const { data } = await send('/api/1.0/roll', 'POST', { equation, room });
      problem('');
      created(data);
    } catch (error) {
      problem(`Not rolled: ${error.message}.`);
    }
    isRolling = false;
    event.submitter?.removeAttribute('aria-disabled');
  });
  if (navigator.clipboard) {
    const copy = find('copy');
    copy.hidden = false;
    copy.addEventListener('click', async () => {
      await navigator.clipboard.writeText(find('link').value);
      copy.textContent = 'Copied';
      setTimeout(() => { copy.textContent = 'Copy'; }, 2000);
    });
  }

  // --- the socket, in Pusher's protocol ---

  const CHANNELS = [`presence-room.${room}`, `private-room.${room}.${me}`];
  const events = {
    'App\\Events\\RollCreateEvent': created,
    'App\\Events\\RollUpdateEvent': updated,
    'App\\Events\\RollDeleteEvent': deleted,
    'App\\Events\\RoomUpdateEvent': arranged,
  };
  let attempt = 0, silence;
  const connect = () => {
    const scheme = location.protocol === 'https:' ? 'wss:' : 'ws:';
    const socket = new WebSocket(`${scheme}//${location.host}/app/dice?protocol=7&client=page`);
    const tell = (event, data) => socket.send(JSON.stringify({ event, data }));
    const join = async ({ socket_id }) => {
      for (const channel of CHANNELS) {
        try {
          const auth = await send('/broadcasting/auth', 'POST', { socket_id, channel_name: channel });
          tell('pusher:subscribe', { channel, ...auth });
        } catch { socket.close(); }
      }
      // What happened while nothing was heard.
      send(`/api/1.0/room/${room}`, 'GET').then(({ data }) => arranged(data)).catch(() => {});
    };
    const members = change => data => {
      present ??= new Set();
      change(data);
      seats();
    };
    const heard = {
      ...Object.fromEntries(Object.entries(events).map(([name, act]) => [name, ({ data }) => act(data)])),
      'pusher:connection_established': join,
      'pusher:ping': () => tell('pusher:pong', {}),
      'pusher_internal:subscription_succeeded': ({ presence }) => {
        if (!presence) return;
        attempt = 0;
        present = new Set(presence.ids.map(String));
        state('');
        table.dataset.live = 'yes';
        seats();
      },
      'pusher_internal:member_added': members(({ user_id }) => present.add(String(user_id))),
      'pusher_internal:member_removed': members(({ user_id }) => present.delete(String(user_id))),
    };
    const wait = () => {
      clearTimeout(silence);
      silence = setTimeout(() => tell('pusher:ping', {}), 25000);
    };
    socket.onmessage = ({ data }) => {
      const message = JSON.parse(data);
      wait();
      heard[message.event]?.(typeof message.data === 'string' ? JSON.parse(message.data) : message.data);
    };
    socket.onclose = () => {
      clearTimeout(silence);
      delete table.dataset.live;
      state('Rolls of others do not arrive at the moment. Trying again…');
      setTimeout(connect, Math.min(15000, 500 * 2 ** attempt++) * (1 + Math.random() / 2));
    };
  };
  connect();
})();
