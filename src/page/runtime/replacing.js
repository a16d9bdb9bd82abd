// How the browser's functions, classes and attributes are replaced.
/// The object in the prototype chain that owns the property: a worker's global object inherits many of its properties.
function ownerOf(object, name) {
  let owner = object;
  while (!Object.hasOwn(owner, name)) owner = Object.getPrototypeOf(owner);
  return owner;
}

/// Replaces a method by one with the same property attributes and the same looks: libraries check a function's name, length and
/// `[native code]` to decide whether they need a polyfill.
function replaceMethod(from, name, method) {
  const owner = ownerOf(from, name);
  const original = Object.getOwnPropertyDescriptor(owner, name);
  const value = new Proxy(original.value, {apply: (target, self, values) => Reflect.apply(method, self, values)});
  Object.defineProperty(owner, name, {...original, value});
}

/// Replaces a global class by one whose instances are made by `make(values, newTarget)`; everything else stays as it was.
function replaceClass(name, make, traps = {}) {
  const original = globalThis[name];
  const value = new Proxy(original, {...traps, construct: (target, values, newTarget) => make(values, newTarget)});
  Object.defineProperty(globalThis, name, {...Object.getOwnPropertyDescriptor(globalThis, name), value});
  Object.defineProperty(original.prototype, 'constructor', {value});
}

/// Replaces the getter, and the setter if one is given, of an accessor property.
function replaceAccessor(owner, name, {get, set}) {
  const original = Object.getOwnPropertyDescriptor(owner, name);
  Object.defineProperty(owner, name, {...original, get: get ?? original.get, set: set ?? original.set});
  return original;
}

const isPromise = (value) => value !== null && typeof value === 'object' && typeof value.then === 'function';
