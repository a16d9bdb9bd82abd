// Everything that a page can read without arguments: what is reached from the global object through attributes, constructors
// and methods. As a Map of paths and values; a value that differs between two crawls at the same time is a clock (or a dice).
function crawl() {
  const dangerous = new RegExp(`^(go|navigate|assign|reload|back|forward|open|close|stop|write|writeln|wait|alert|confirm|print|prompt|
    find|moveTo|click|remove|focus|blur|crawl|clear|exit.*|request.*|show.*|hide.*|toggle.*|select|abort|replace.*|submit|reset|
    getDisplayMedia|getUserMedia|start.*|play|pause|animate|parent|top|opener|frameElement|frames|self|window|console|
    __orchestrator|constructor|prototype|arguments|caller|stack)$`.replace(/\s+/g, ''));
  const needed = {CustomEvent: ['x'], File: [[], 'x'], FormDataEvent: ['x', {formData: new FormData()}]};
  const without = /^(Worker|SharedWorker|WebSocket.*|EventSource|XR.*|WebTransport|BroadcastChannel)$/;
  const values = new Map();
  const seen = new Set();
  const counts = new Map();

  /// Of plain objects and lists two hundred are looked at, of other classes three.
  function isOneTooMany(value) {
    const kind = Object.getPrototypeOf(value);
    const most = kind === Object.prototype || kind === Array.prototype ? 200 : 3;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    return counts.get(kind) > most;
  }

  function visit(path, value, depth) {
    if (value instanceof Promise) return void attempt(() => value.catch(() => {}));
    if (value instanceof Date) values.set(path, `date ${+value}`);
    if (value === null || (typeof value !== 'object' && typeof value !== 'function')) values.set(path, `${typeof value} ${String(value)}`);
    else if (!seen.has(value) && depth < 8 && !ArrayBuffer.isView(value)) {
      seen.add(value);
      if (typeof value === 'function' || !isOneTooMany(value)) visitMembers(path, value, depth);
    }
  }

  function visitMembers(path, value, depth) {
    const names = new Set();
    for (let owner = value; owner !== null && owner !== Object.prototype && owner !== Function.prototype; owner = Object.getPrototypeOf(owner)) {
      if (owner !== Array.prototype) Reflect.ownKeys(owner).forEach((name) => names.add(name));
    }
    for (const name of names) {
      if (!dangerous.test(String(name))) attempt(() => visitMember(`${path}.${String(name)}`, value, value[name], depth));
    }
  }

  function visitMember(path, owner, member, depth) {
    if (typeof member !== 'function') visit(path, member, depth + 1);
    else if (/^[A-Z]/.test(member.name)) make(path, member, depth);
    else if (depth < 6) visit(`${path}()`, Reflect.apply(member, owner, []), depth + 1);
  }

  function make(path, Class, depth) {
    if (seen.has(Class) || without.test(Class.name)) return;
    visit(path, Class, depth + 1);
    attempt(() => visit(`${path}()`, Class(), depth + 1));
    const choices = Object.hasOwn(needed, Class.name) ? [needed[Class.name]] : [[], ['x'], ['x', {}]];
    choices.some((values) => attempt(() => visit(`new ${path}`, Reflect.construct(Class, values), depth + 1)));
  }

  function attempt(act) {
    try {
      act();
      return true;
    } catch {
      return false;  // what needs arguments, or another object
    }
  }

  performance.mark('made before');
  visit('', globalThis, 0);
  return values;
}
