// navigator.locks: a free lock is granted within the frame that asks for it, and a released lock goes to the next request within
// that frame. Time goes on while the page holds a lock: a request behind it is waited for only when its turn comes.
const lockQueues = new Map();  // name -> this document's requests that have not ended: {isShared, isFollowed, granted, grant()}
const lockLabel = (name) => `lock ${shortUrl(name)}`;

/// Waits for the requests whose turn it is: the first, or the first ones that share the lock.
function followLocks(name) {
  const queue = lockQueues.get(name);
  const first = queue.findIndex(({isShared}) => !isShared);
  for (const request of queue.slice(0, first < 0 ? queue.length : Math.max(first, 1))) {
    if (!request.isFollowed) followOperation(lockLabel(name), request.granted);
    request.isFollowed = true;
  }
}

function endLock(name, request) {
  const queue = lockQueues.get(name);
  queue.splice(queue.indexOf(request), 1);
  request.grant();
  if (queue.length === 0) lockQueues.delete(name);
  else followLocks(name);
}

function enterLock(name, {mode}) {
  const request = {isShared: mode === 'shared', isFollowed: false};
  request.granted = new native.Promise((resolve) => {
    request.grant = resolve;
  });
  if (!lockQueues.has(name)) lockQueues.set(name, []);
  lockQueues.get(name).push(request);
  return request;
}

const {LockManager} = globalThis;
if (LockManager !== undefined) {  // not on a page without https
  const requestLock = LockManager.prototype.request;
  replaceMethod(LockManager.prototype, 'request', function (...values) {
    const callback = values.at(-1);
    if (values.length < 2 || typeof callback !== 'function') return Reflect.apply(requestLock, this, values);  // rejects
    const name = String(values[0]);
    const request = enterLock(name, values.length > 2 ? values[1] ?? {} : {});
    const result = Reflect.apply(requestLock, this, [name, ...values.slice(1, -1), (lock) => {
      request.grant();
      return Reflect.apply(callback, undefined, [lock]);
    }]);
    const end = () => endLock(name, request);
    result.then(end, end);
    followLocks(name);
    return result;
  });
}
