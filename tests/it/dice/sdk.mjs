// What a user of the SDK does; every step is one that its types promise.
import assert from 'node:assert/strict';
import { ThreeDDiceAPI, ThreeDDiceRollEvent, ThreeDDiceRoomEvent, parseRollEquation } from './dddice.mjs';

const late = setTimeout(() => { console.error('the SDK waits for something'); process.exit(1); }, 45000);
const step = name => console.log(name);

// The headers of the SDK are shared by all of its instances: who speaks is set anew each time.
const guest = async () => {
  const key = (await new ThreeDDiceAPI().user.guest()).data;
  assert.equal(typeof key, 'string');
  return key;
};
const as = key => new ThreeDDiceAPI(key, 'critwatch');
const [annKey, benKey] = [await guest(), await guest()];
const ann = as(annKey);
step('guest');
const annUser = (await ann.user.get()).data;
assert.equal((await ann.theme.get('dddice-bees')).data.id, 'dddice-bees');
const box = [...(await ann.diceBox.list()).data];
for (let page; (page = await ann.diceBox.next());) box.push(...page.data);
assert.ok(box.some(theme => theme.id === 'dddice-bees') && box.length > 4);
const room = (await ann.room.create()).data;
assert.ok((await ann.room.list()).data.some(one => one.slug === room.slug));
await ann.room.update(room.slug, { name: 'Friday', is_public: false, passcode: 'owl' });
step('room');

const ben = as(benKey);
assert.equal((await ben.room.get(room.slug, 'owl')).data.name, 'Friday');
const joined = (await ben.room.join(room.slug, 'owl')).data;
assert.equal(joined.participants.length, 2);
await assert.rejects(ben.room.join(room.slug, 'owl'), error => error.response.status === 409);
const benUser = (await ben.user.get()).data;
step('join');

const connect = (api, user) => new Promise((resolve, reject) => {
  api.connect(room.slug, 'owl', user.uuid);
  api.onConnectionError(reject);
  api.onConnect(resolve);
});
const present = await connect(ben, benUser);
assert.equal(present[0].user.uuid, benUser.uuid);
const heard = new Map(), waiting = new Map();
const key = (kind, uuid) => `${kind} ${uuid}`;
const hear = kind => roll => {
  heard.set(key(kind, roll.uuid), roll);
  waiting.get(key(kind, roll.uuid))?.(roll);
};
const arrives = (kind, uuid) => new Promise(resolve => {
  const found = heard.get(key(kind, uuid));
  heard.delete(key(kind, uuid));
  if (found) resolve(found);
  else waiting.set(key(kind, uuid), resolve);
});
ben.listen(ThreeDDiceRollEvent.RollCreated, hear('created'));
ben.listen(ThreeDDiceRollEvent.RollUpdated, hear('updated'));
ben.listen(ThreeDDiceRollEvent.RollDeleted, hear('deleted'));
const renamed = new Promise(resolve => ben.listen(ThreeDDiceRoomEvent.RoomUpdated, resolve));
step('connect');

const roller = as(annKey);
const came = new Promise(resolve => ben.onParticipantConnect(resolve));
await connect(roller, annUser);
assert.equal((await came).user.uuid, annUser.uuid);
await roller.room.updateParticipant(room.slug, room.participants[0].id, { username: 'Ann', color: '#112233' });
assert.equal((await renamed).participants[0].username, 'Ann');
step('presence');

const worth = die => die.type === 'd10x' ? (die.value % 10) * 10 : die.value;
const kept = roll => roll.values.filter(die => !die.is_dropped);
const sum = roll => kept(roll).reduce((total, die) => total + worth(die), 0);
const dice = roll => roll.values.filter(die => die.type !== 'mod');
const best = (roll, pick) => pick(...dice(roll).map(worth));
const table = {
  '1d20': sum,
  '2d20kh1': roll => best(roll, Math.max),
  '2d20kl1': roll => best(roll, Math.min),
  '4d6dl1': roll => (assert.equal(kept(roll).length, 3), sum(roll)),
  '2d20dh1': roll => best(roll, Math.min),
  '2d20kh1+5': roll => best(roll, Math.max) + 5,
  '(2d6+1)*2': roll => sum(roll) * 2,
  'floor(5d6/2)': roll => Math.floor(sum(roll) / 2),
  'ceil(5d6/2)': roll => Math.ceil(sum(roll) / 2),
  'round(5d6/2)': roll => Math.round(sum(roll) / 2),
  '1d20-1': sum,
  '{1d20,1d12}kh1': roll => best(roll, Math.max),
  '1d100': roll => sum(roll),
  '5d6/2': roll => Math.floor(sum(roll) / 2),
  'floor(5d6/2)+3': roll => Math.floor((sum(roll) - 3) / 2) + 3,
  '10-floor(1d6/2)': roll => 10 - Math.floor(worth(dice(roll)[0]) / 2),
  '4d6dl1kh1': roll => best(roll, Math.max),
  '2d20kh1+1d6kl1': sum,
  '2d6+{1d8,1d6}kh1': sum,
  '4df': sum,
};
const rolls = [];
for (const [equation, total] of Object.entries(table)) {
  const parsed = parseRollEquation(equation, 'dddice-bees');
  const roll = (await roller.roll.create(parsed.dice, { operator: parsed.operator, label: equation, external_id: 'mine' })).data;
  assert.equal(Number(roll.total_value), total(roll), `${equation}: ${JSON.stringify(roll.values)}`);
  assert.equal(roll.values.length, parsed.dice.length);
  assert.equal(roll.room.slug, room.slug);
  assert.equal(roll.user.uuid, annUser.uuid);
  const same = await arrives('created', roll.uuid);
  assert.deepEqual(same, roll);
  rolls.push(roll);
}
step('every operator');

const [first, second] = rolls;
const flag = (roll, what) => ({ uuid: roll.uuid, dice: [{ uuid: roll.values[0].uuid, ...what }] });
const hidden = (await roller.roll.update(first.uuid, flag(first, { is_hidden: true }))).data;
assert.equal(hidden.values[0].is_hidden, true);
assert.equal((await arrives('updated', first.uuid)).values[0].is_hidden, true);
assert.equal((await roller.roll.get(first.uuid)).data.values[0].is_hidden, true);
const bulk = (await roller.roll.updateBulk([flag(first, { is_hidden: false }), flag(second, { is_dropped: true })])).data;
assert.equal(bulk[0].values[0].is_hidden, false);
assert.equal(bulk[1].values[0].is_dropped, true);
step('update');

await roller.room.updateRolls(room.slug, { is_cleared: true }, '*');
const cleared = (await roller.roll.get(second.uuid)).data;
assert.ok(cleared.values.every(die => die.is_cleared));
await roller.room.deleteRolls(room.slug);
await arrives('deleted', second.uuid);
await assert.rejects(roller.roll.get(second.uuid), error => error.response.status === 404);
step('clear');

const whisper = (await roller.roll.create([{ type: 'd6' }], { whisper: [joined.participants[1].id] })).data;
assert.equal((await arrives('created', whisper.uuid)).uuid, whisper.uuid);
const said = new Promise(resolve => ben.listenLocal('wave', resolve));
roller.sendLocal('wave', { to: 'ben' });
assert.deepEqual(await said, { to: 'ben' });
const gone = new Promise(resolve => ben.onParticipantDisconnect(resolve));
await roller.room.leave(room.slug);
assert.equal((await gone).user.uuid, annUser.uuid);
step('leave');

clearTimeout(late);
console.log('all done');
process.exit(0);
