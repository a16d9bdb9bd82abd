// Pages that have a meaning of their own for the browser's names, as libraries and simple scripts do: the film is the same.
#include "support/contains.hpp"
#include "support/files.hpp"
#include "support/studio.hpp"

#include <catch2/catch.hpp>

#include <string>
#include <utility>
#include <vector>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

/// What moves by each part of the runtime. `keep` is what the page took before.
const std::string scene = R"html(<style>
    body { margin: 0; background: #000 } @keyframes m { to { transform: translateX(480px) } }
    .a { width: 20px; height: 10px; background: red; animation: m 2s linear }
    i { position: absolute; left: 0; width: 20px; height: 10px; background: #0f0 } iframe { border: 0; position: absolute; top: 100px; left: 0 }
    #s { position: absolute; top: 130px; left: 0; width: 100px; height: 20px; overflow: auto; scroll-behavior: smooth }
  </style>
  <div class=a></div><i id=b style="top:20px"></i><i id=c style="top:35px"></i><i id=d style="top:50px"></i>
  <i id=w style="top:65px"></i><img src=/film.gif style="position:absolute;left:280px;top:0"><input autofocus style="position:absolute;top:160px;left:0;opacity:0">
  <div id=s><p style="color:#111">&#xF123;</p><div style="height:900px;background:linear-gradient(red,blue)"></div></div>
  <svg style="position:absolute;top:80px;left:0" width=320 height=10><rect width=20 height=10 fill="#f0f">
    <animate attributeName=x to=240 dur=1s /></rect></svg>
  <iframe srcdoc='<style>body{margin:0}</style><p id=e style="position:absolute;width:20px;height:10px;margin:0;background:#0ff"></p>
    <script>let n = 0; requestAnimationFrame(function f() { e.style.left = 8 * ++n + "px"; requestAnimationFrame(f) })</script>'></iframe>
  <script>{
    let n = 0, t = 0;
    const [b, c, d, w, s] = ['b', 'c', 'd', 'w', 's'].map((id) => document.getElementById(id));
    const worker = new keep.Worker('/worker.js');
    worker.onmessage = (event) => { w.style.left = 9 * event.data + 'px' };
    keep.requestAnimationFrame(function step() {
      b.style.left = 8 * ++n + 'px';
      worker.postMessage(n);
      if (n === 3) keep.fetch('/data').then((answer) => answer.json()).then((data) => { d.style.left = data + 8 * n + 'px' });
      if (n === 4) s.scrollTo(0, 300);
      if (n === 5) b.before(keep.Object.assign(document.createElement('img'), {src: '/film.gif', width: 9, style: 'position:absolute;left:300px;top:0'}));
      keep.requestAnimationFrame(step);
    });
    keep.setInterval(() => { c.style.left = 10 * ++t + 'px' }, 50);
  }</script>)html";

/// `names`: what a page may give another meaning; the first script takes what the scene needs.
const std::string takes = R"(<!doctype html><meta charset=utf-8><script>
    const keep = {Worker, Object, requestAnimationFrame: requestAnimationFrame.bind(window), fetch: fetch.bind(window),
                  setInterval: setInterval.bind(window)};
    const own = (name) => Object.getOwnPropertyDescriptor(window, name);
    const names = Object.getOwnPropertyNames(window).filter((name) => /^[a-z]\w*$/i.test(name) && own(name).configurable);
  </script>)";

const std::string declares = R"(<script>
    const others = names.filter((name) => name !== 'globalThis');
    document.write('<script>' + others.map((name) => `let ${name} = 'of the page';`).join('') + '<\/script>');
  </script>)";

const std::string assigns = R"(<script>
    for (const name of names) {
      const isKept = ['Object', 'globalThis', 'CSS'].includes(name) || /^on/.test(name);
      if (!isKept) try { Object.defineProperty(window, name, {value: 'of the page'}); } catch {}
    }
  </script>)";

/// Each method and accessor that a page can replace does what it did.
const std::string wraps = R"(<script>{
    const {apply, construct, ownKeys} = Reflect;
    const {defineProperty, getOwnPropertyDescriptor} = Object;
    const wrapped = (f) => ({method(...values) { return new.target ? construct(f, values) : apply(f, this, values) }}).method;
    const wrapAll = (owner) => {
      const keys = ownKeys(owner);
      for (let i = 0; i < keys.length; i += 1) {
        const property = getOwnPropertyDescriptor(owner, keys[i]);
        if (keys[i] === 'constructor' || !property?.configurable) continue;
        if (typeof property.value === 'function' && property.value.prototype === undefined) property.value = wrapped(property.value);
        if (property.get) property.get = wrapped(property.get);
        if (property.set) property.set = wrapped(property.set);
        defineProperty(owner, keys[i], property);
      }
    };
    const iterators = [[][Symbol.iterator](), new Map().keys(), new Set().keys(), (function* () {})()].map(Object.getPrototypeOf);
    const owners = [...names.map((name) => own(name).value).filter((value) => typeof value === 'function' && value.prototype), Math, JSON];
    const all = [...owners.flatMap((owner) => owner.prototype ? [owner.prototype, owner] : [owner]), ...iterators];
    for (let i = 0; i < all.length; i += 1) wrapAll(all[i]);
  }</script>)";

/// As Prototype.js and MooTools have them: some mean something else.
const std::string extends = R"(<script>{
    const list = Array.prototype;
    list.map = function (f, self) { const all = []; for (let i = 0; i < this.length; i++) all.push((f ?? ((x) => x)).call(self, this[i], i)); return all };
    list.entries = list.toArray = list.clone = function () { return list.slice.call(this) };
    list.includes = function (x) { return this.indexOf(x) !== -1 };
    list.first = function () { return this[0] };
    Array.from = (x) => list.slice.call(x);
    Object.keys = (x) => { const all = []; for (const key in x) all.push(key); return all };
    Function.prototype.bind = function (self, ...first) { return (...rest) => this.apply(self, [...first, ...rest]) };
    String.prototype.strip = String.prototype.trim = function () { return this.replace(/^\s+|\s+$/g, '') };
    Element.prototype.remove = function () { this.parentNode?.removeChild(this); return this };
    window.Element = function (name) { return document.createElement(name) };
    window.Map = function () { this.kind = 'of a game' };
    window.Node = window.File = window.Animation = class {};
    window.Event = {observe() {}};
  }
  var length = 0, status = 1, name = 2, event = 3, parent = 4;
  </script>)";

}  // namespace

TEST_CASE("capture: a page's own meaning for names of the browser's changes nothing in its film", "[capture][names]") {
  const std::string worker = "const Boolean = 1, AbortSignal = 2, eval = 3; onmessage = ({data}) => postMessage(data)";
  std::map<std::string, HttpAnswer> answers{
      {"/film.gif", {.type = "image/gif", .body = read_file(ORCHESTRATOR_SOURCE_DIR "/tests/pages/animated.gif")}},
      {"/data", {.type = "application/json", .body = "40"}},
      {"/worker.js", {.type = "text/javascript", .body = worker}}};
  const std::vector<std::pair<std::string, std::string>> ways{
      {"/none", ""}, {"/declares", declares}, {"/assigns", assigns}, {"/wraps", wraps}, {"/extends", extends}};
  for (const auto& [path, script] : ways) answers[path] = {.body = takes + script + scene};
  const HttpServer server(answers);
  for (const CaptureMode mode : {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot}) {
    Studio studio(mode);
    std::vector<std::string> right;
    for (const auto& way : ways) {
      CAPTURE(to_string(mode), way.first);
      REQUIRE(error_of(studio.load(server.url(way.first), {0, 12})) == "");
      const auto pictures = studio.pictures({0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11});
      if (right.empty()) right = pictures;
      REQUIRE(error_of(studio.load(server.url(way.first), {9, 12})) == "");
      const auto late = studio.pictures({9, 10, 11});
      for (std::size_t i = 0; i < 12; ++i) {
        CAPTURE(i);
        CHECK((pictures[i] == right[i]));
        if (i > 0) CHECK_FALSE((pictures[i] == pictures[i - 1]));
        if (i >= 9) CHECK((late[i - 9] == right[i]));
      }
    }
  }
}
