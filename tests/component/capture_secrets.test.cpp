// What a page must not get hold of: the browser's objects that are there for the capture, and the token of our messages.
#include "support/contains.hpp"
#include "support/studio.hpp"

#include <catch2/catch.hpp>

#include <string>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

/// Every kind of frame, for every way to touch its window before its document comes. `look` is called by the document's own first
/// script where that reaches the page, which the others post to, and for each window again once it has loaded.
const std::string seeks_benchmarking = R"(<!doctype html><body><script>
    const found = new Set();
    const looked = {};
    window.look = (where, view) => {
      looked[where.split(':')[0]] = (looked[where.split(':')[0]] ?? 0) + 1;
      let chrome;
      try { chrome = view.chrome; } catch {}  // of another origin
      if (chrome?.gpuBenchmarking !== undefined) found.add(where);
      if (chrome && Object.hasOwn(chrome, 'gpuBenchmarking') && !/define|set|function/.test(where)) found.add('seen ' + where);
    };
    const steals = (where) => ({configurable: true, set(value) { found.add('stolen ' + where); }});
    const thief = (where) => Object.defineProperty({}, 'gpuBenchmarking', steals(where));
    const touches = {
      untouched: () => {},
      name: (view) => { view.name = 'x'; },
      read: (view, where) => look('before:' + where, view),
      set: (view, where) => { view.chrome = thief(where); },
      'not an object': (view) => { view.chrome = undefined; view.chrome = null; view.chrome = 1; },
      function: (view, where) => { view.chrome = Object.defineProperty(() => {}, 'gpuBenchmarking', steals(where)); },
      define: (view, where) => Object.defineProperty(view, 'chrome', {value: thief(where)}),
      remove: (view) => { delete view.chrome; delete view.chrome.gpuBenchmarking; },
      'define in it': (view, where) => Object.defineProperty(view.chrome, 'gpuBenchmarking', steals(where)),
      prototype: (view, where) => Object.setPrototypeOf(view.chrome, thief(where)),
      'prototype of all': (view, where) => Object.defineProperty(view.Object.prototype, 'gpuBenchmarking', steals(where)),
      'prototype of traps': (view) => { view.Object.prototype.set = (target, name, value) => found.add('trap'); },
      freeze: (view) => { Object.freeze(view.chrome); },
    };
    const script = (where) => `<script>
      try { parent.look('own:${where}', window); }
      catch { parent.postMessage(['${where}', window.chrome?.gpuBenchmarking !== undefined], '*'); }
    <\/script>`;
    onmessage = ({data: [where, has]}) => { looked.posted = (looked.posted ?? 0) + 1; if (has) found.add(where); };
    const blob = (text) => URL.createObjectURL(new Blob([text], {type: 'text/html'}));
    const kinds = {
      src: (frame, where) => { frame.src = '/frame#' + encodeURIComponent(where); },
      srcdoc: (frame, where) => { frame.srcdoc = script(where); },
      blob: (frame, where) => { frame.src = blob(script(where)); },
      javascript: (frame, where) => { frame.src = 'javascript:' + JSON.stringify(script(where)); },
      data: (frame, where) => { frame.src = 'data:text/html,' + encodeURIComponent(script(where)); },
      sandbox: (frame, where) => { frame.sandbox = 'allow-scripts'; frame.srcdoc = script(where); },
      'same origin sandbox': (frame, where) => { frame.sandbox = 'allow-same-origin'; frame.srcdoc = '<b>'; },
      xslt: (frame) => { frame.src = '/xml'; },
      object: (frame, where) => { frame.data = '/frame#' + encodeURIComponent(where); },
      embed: (frame, where) => { frame.src = '/frame#' + encodeURIComponent(where); },
      renavigated: (frame, where) => {
        frame.src = '/frame#' + encodeURIComponent('first ' + where);
        frame.addEventListener('load', () => { frame.src = 'about:blank'; }, {once: true});
        setTimeout(() => { frame.contentWindow.name; frame.src = '/frame#' + encodeURIComponent(where); }, 300);
      },
      replaced: (frame, where) => {
        frame.src = '/frame#' + encodeURIComponent('first ' + where);
        frame.addEventListener('load', () => { frame.src = 'javascript:' + JSON.stringify(script(where)); }, {once: true});
      },
      opened: (frame, where) => {
        const kept = frame.contentDocument;
        setTimeout(() => { kept.open(); kept.write(script(where)); kept.close(); });
      },
    };
    const frames = [];
    for (const [kind, add] of Object.entries(kinds)) {
      for (const [name, touch] of Object.entries(touches)) {
        const where = `${kind} ${name}`;
        const frame = document.createElement(kind === 'object' || kind === 'embed' ? kind : 'iframe');
        frame.addEventListener('load', () => look('load:' + where, frame.contentWindow ?? {}));
        if (kind === 'opened') document.body.append(frame);
        add(frame, where);
        document.body.append(frame);
        const view = frame.contentWindow ?? window[window.length - 1];  // <embed> has no contentWindow
        try { touch(view, where); } catch {}
        frames.push([where, view]);
      }
    }
    look('page:', window);
    const popup = window.open('/frame#popup');
    if (popup) frames.push(['popup', popup]);  // without a click Chromium opens none
    const worker = new Worker(blob('postMessage(["worker", self.chrome?.gpuBenchmarking !== undefined])'));
    worker.onmessage = onmessage;
    const lookAtAll = () => { for (const [where, view] of frames) { try { look('after:' + where, view); } catch {} } };
    window.orchestratorReady = new Promise((resolve) => setTimeout(resolve, 1500));
    window.renderFrame = (n) => {
      lookAtAll();
      if (n === 1) throw new Error(`found: ${[...found]}. looked: ${JSON.stringify(looked)}`);
    };
  </script>)";

const std::string looks_from_within = R"(<!doctype html><script>
    (opener ?? parent).look('own:' + decodeURIComponent(location.hash.slice(1)), window);
  </script>)";

const std::string xml = R"(<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="/xsl"?><r/>)";
const std::string xsl = R"(<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform"><xsl:template match="/">
    <html><body><script>parent.look('own:xslt', window)</script></body></html></xsl:template></xsl:stylesheet>)";

/// Replaces what a page can replace, and calls `tell` with the name of what came upon a message with the token.
const std::string spies = R"(
    const {apply: run} = Reflect;
    const {hasOwn} = Object;
    const dataOf = Object.getOwnPropertyDescriptor(MessageEvent.prototype, 'data').get;
    const isSecret = (value) => {
      if (value === null || typeof value !== 'object') return false;
      try { return hasOwn(value, 'orchestrator') || isSecret(run(dataOf, value, [])); } catch { return false; }
    };
    const look = (name, value) => {
      if (isSecret(value)) tell(name);
      if (Array.isArray(value)) for (let i = 0; i < value.length; ++i) if (isSecret(value[i])) tell(name);
    };
    const spyOn = (owner, name) => {
      const original = owner[name];
      if (typeof original !== 'function') return;
      owner[name] = function (...values) {
        look(String(name), this);
        for (let i = 0; i < values.length; ++i) look(String(name), values[i]);
        return run(original, this, values);
      };
    };
    addEventListener('message', (event) => look('listener', event), true);
    for (const [owner, names] of [
      [Map.prototype, ['get', 'set', 'has', 'delete', 'values']], [Set.prototype, ['add', 'delete', 'has']],
      [Object, ['assign', 'keys', 'entries', 'hasOwn']], [Promise.prototype, ['then', 'catch', 'finally']], [Promise, ['resolve']],
      [Array.prototype, ['push', 'shift', 'map', 'filter', 'values', Symbol.iterator]], [Reflect, ['apply', 'construct']],
      [EventTarget.prototype, ['addEventListener']], [Function.prototype, ['bind', 'apply', 'call']]]) {
      for (let i = 0; i < names.length; ++i) spyOn(owner, names[i]);
    }
    for (const name of ['isBorn', 'warning', 'isClosed', 'step', 'error', 'reason', 'kind', 'adoption']) {
      Object.defineProperty(Object.prototype, name, {configurable: true, get() { look(name, this); }, set(value) {
        Object.defineProperty(this, name, {value, configurable: true, enumerable: true, writable: true});
      }});
    })";

/// A frame that spies on its own realm, and one that has a realm of its own open its document.
const std::string spying_frame = "<script>const tell = (name) => parent.postMessage({stolen: name}, '*');" + spies + R"(
    let n = 0;
    const step = () => { n += 1; document.title = n; requestAnimationFrame(step); };
    requestAnimationFrame(step);
  </script>)";
const std::string opening_frame = R"(<script>onload = () => {
      const other = document.body.appendChild(document.createElement('iframe')).contentWindow;
      other.Document.prototype.open.call(document);
      addEventListener('message', ({data}) => { if (data.orchestrator) parent.postMessage({stolen: 'after open'}, '*'); });
      document.close();
    };</script><body>)";

/// What ends the film in these frames.
std::string first_error(Studio& studio, std::int64_t first, std::int64_t end) {
  for (std::int64_t frame = first; frame < end; ++frame) {
    if (const auto taken = studio.take(frame); !taken) return taken.error().detail;
  }
  return "";
}

}  // namespace

TEST_CASE("capture: no page, in no kind of frame, gets the object that tells when a frame is on the screen",
          "[capture][secrets]") {
  const HttpServer server({{"/page", {.body = seeks_benchmarking}},
                           {"/frame", {.body = looks_from_within}},
                           {"/xml", {.type = "text/xml", .body = xml}},
                           {"/xsl", {.type = "text/xsl", .body = xsl}}});
  for (const CaptureMode mode : {CaptureMode::shm, CaptureMode::beginframe}) {  // those that have it
    CAPTURE(to_string(mode));
    Studio studio(mode);
    const auto loaded = studio.load(server.url("/page"), {0, 2});
    REQUIRE(error_of(loaded) == "");
    REQUIRE(studio.take(0).has_value());
    const auto taken = studio.take(1);
    REQUIRE_FALSE(taken.has_value());
    INFO(taken.error().detail);
    CHECK(contains(taken.error().detail, "found: ."));
  }
}

TEST_CASE("capture: no page, frame or worker comes upon the token by which runtimes know their messages", "[capture][secrets]") {
  const std::string page = R"(<!doctype html><body><script>
    const stolen = new Set();
    const add = stolen.add.bind(stolen);
    const tell = (name) => add('page ' + name);
    addEventListener('message', ({data}) => { if (data.stolen) add('frame ' + data.stolen); });)" +
                           spies + R"(
    const other = location.origin.replace('127.0.0.1', 'localhost');
    for (const [src, sandbox] of [['/spying', 'allow-scripts'], [other + '/spying'], [other + '/opening']]) {
      const frame = document.createElement('iframe');
      if (sandbox) frame.sandbox = sandbox;
      frame.src = src;
      document.body.append(frame);
    }
    const worker = new Worker('/worker');
    worker.onmessage = ({data}) => { if (data.stolen) add('worker ' + data.stolen); };
    let n = 0;
    const step = () => {
      worker.postMessage(++n);
      if (n === 6) throw new Error(`stolen: ${[...stolen].join()}.`);
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  </script>)";
  const std::string worker = "const tell = (name) => postMessage({stolen: name});" + spies + "onmessage = () => postMessage(1);";
  const HttpServer server({{"/page", {.body = page}},
                           {"/spying", {.body = spying_frame}},
                           {"/opening", {.body = opening_frame}},
                           {"/worker", {.type = "text/javascript", .body = worker}}});
  Studio studio(CaptureMode::screenshot);
  const auto loaded = studio.load(server.url("/page"), {0, 8});
  REQUIRE(error_of(loaded) == "");
  const std::string error = first_error(studio, 0, 8);
  INFO(error);
  CHECK(contains(error, "stolen: ."));
}

TEST_CASE("capture: a frame of another origin cannot end a film by saying that the screen is lost", "[capture][secrets]") {
  const std::string page = R"(<!doctype html><body style="background: #0f0"><iframe sandbox="allow-scripts" srcdoc="
      <script>const step = () => { try { __orchestrator.loseScreen('forged') } catch {} requestAnimationFrame(step); };
      requestAnimationFrame(step);</script>"></iframe>)";
  const HttpServer server({{"/page", {.body = page}}});
  Studio studio(CaptureMode::shm);
  REQUIRE(studio.load(server.url("/page"), {0, 6}).has_value());
  for (std::int64_t frame = 0; frame < 6; ++frame) {
    const auto taken = studio.take(frame);
    CHECK((taken ? "" : taken.error().detail) == "");
  }
  CHECK_FALSE(contains(studio.log(), "forged"));
}

TEST_CASE("capture: no page gets at the runtime, by its name, by what it is called with or from those who call it",
          "[capture][secrets]") {
  const std::string page = R"(<!doctype html><body style="margin:0"><div id=box style="position:absolute;width:9px;height:9px;
      background:red"></div><template shadowrootmode="closed"><p>x</template><iframe srcdoc="<p>x"></iframe><script>
    const found = new Set();
    const add = found.add.bind(found);
    const take = (how) => (value) => {
      if (typeof value === 'object' && value !== null && 'seek' in value) add(how);
      return value;
    };
    const impostor = (how) => ({document, closed: false, __orchestrator: () => void add(how)});
    const spyOn = (owner, name, how) => Object.defineProperty(owner, name, {configurable: true, get: () => impostor(how)});
    for (const key of [undefined, null, '', 0, {}, '__orchestrator']) take('a key')(__orchestrator(key));
    try { window.__orchestrator = () => add('set'); } catch {}
    try { Object.defineProperty(window, '__orchestrator', {value: () => add('defined')}); } catch {}
    delete window.__orchestrator;
    spyOn(HTMLIFrameElement.prototype, 'contentWindow', 'a prototype\'s contentWindow');
    spyOn(document.querySelector('iframe'), 'contentWindow', 'an element\'s contentWindow');
    spyOn(Document.prototype, 'defaultView', 'defaultView');
    spyOn(Node.prototype, 'ownerDocument', 'ownerDocument');
    spyOn(window, 'parent', 'parent');
    const {apply} = Reflect;
    const impostors = impostor('a list');
    const look = (name, values) => {
      for (let i = 0; i < values.length; ++i) {
        const value = values[i];
        if (typeof value !== 'object' || value === null || value === window) continue;
        take(name)(value);
        try { take(name)(value.runtime); } catch {}
      }
    };
    const listen = (owner, names) => {
      for (let i = 0; i < names.length; ++i) {
        const original = owner[names[i]];
        owner[names[i]] = function (...values) {
          look(String(names[i]), values);
          if (Array.isArray(this)) look(String(names[i]), this);
          const result = apply(original, this, values);
          look(String(names[i]), [result, result?.value]);
          return result;
        };
      }
    };
    listen(Array.prototype, ['map', 'filter', 'push', 'some', 'find', 'flatMap', 'forEach', 'splice', Symbol.iterator]);
    listen(Map.prototype, ['get', 'set', 'has', 'values', 'keys', 'entries', Symbol.iterator]);
    listen(Set.prototype, ['add', 'has', 'delete', 'values', Symbol.iterator]);
    listen(WeakMap.prototype, ['get', 'set', 'has']);
    listen(Promise.prototype, ['then', 'catch', 'finally']);
    listen(Object, ['assign', 'freeze', 'entries', 'values']);
    for (const made of [[].values(), new Map().keys(), new Set().keys()]) listen(Object.getPrototypeOf(made), ['next']);
    const setOf = Map.prototype.set;
    Map.prototype.set = function (key, value) {
      return key !== null && typeof key === 'object' && key.window === key ? apply(setOf, this, [impostors, value]) : apply(setOf, this, [key, value]);
    };
    Error.prepareStackTrace = (error, sites) => {
      for (let i = 0; i < sites.length; ++i) {
        const text = String(sites[i].getFunction());
        if (/__orchestrator\('/.test(text) || /"key"/.test(text)) add('stack: ' + text.slice(0, 60));
        take('this')(sites[i].getThis());
      }
      return '';
    };
    let n = 0;
    function step() {
      new Error().stack;
      let caller = step;
      try { while ((caller = caller.caller)) add('caller'); } catch {}
      box.style.left = `${10 * ++n}px`;
      document.title = [...found].join();
      if (n === 6) throw new Error(`found: ${[...found]}.`);
      setTimeout(() => requestAnimationFrame(step), 1);
    }
    requestAnimationFrame(step);
  </script>)";
  const HttpServer server({{"/page", {.body = page}}});
  for (const CaptureMode mode : {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot}) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    const auto loaded = studio.load(server.url("/page"), {0, 12});
    REQUIRE(error_of(loaded) == "");
    const std::string error = first_error(studio, 1, 12);
    INFO(error);
    CHECK(contains(error, "found: ."));
  }
}

TEST_CASE("capture: a page that reached a frame's window early does not hear what runtimes say to it", "[capture][secrets]") {
  // The frame's window gets its own document after the page has touched it; a frame of another origin in that says hello.
  const std::string page = R"(<!doctype html><body><script>
    const heard = new Set();
    const listen = ({data}) => { if (data?.orchestrator) heard.add('token'); };
    const frame = document.createElement('iframe');
    frame.src = '/middle';
    document.body.append(frame);
    frame.contentWindow.addEventListener('message', listen, true);
    frame.contentWindow.onmessage = listen;
    let n = 0;
    window.spy = (view) => {
      addEventListener.call(view, 'message', listen, true);  // of this realm
    };
    requestAnimationFrame(function step() {
      if (++n === 6) throw new Error(`heard: ${[...heard, ...frame.contentWindow.heard]}. ${frame.contentWindow.count}`);
      requestAnimationFrame(step);
    });
  </script>)";
  const std::string middle = R"(<script>
    window.heard = new Set();
    window.count = 0;
    onload = () => { count = length; };
  </script>WAY<iframe sandbox="allow-scripts" srcdoc="<script>requestAnimationFrame(function f() { requestAnimationFrame(f) })</script>"></iframe>)";
  const std::string hear = "(({data}) => { if (data?.orchestrator) heard.add('token'); })";
  for (const std::string& way :
       {"<script>addEventListener('message', " + hear + ", true);</script>", "<script>onmessage = " + hear + ";</script>",
        std::string("<script>parent.spy(window);</script>"), "<body onmessage=\"" + hear + "(event)\">"}) {
    CAPTURE(way);
    std::string body = middle;
    body.replace(body.find("WAY"), 3, way);
    const HttpServer server(
        {{"/page", {.body = page}}, {"/middle", {.body = body, .header_delay = std::chrono::milliseconds(100)}}});
    Studio studio(CaptureMode::screenshot);
    const auto loaded = studio.load(server.url("/page"), {0, 12});
    REQUIRE(error_of(loaded) == "");
    const std::string error = first_error(studio, 0, 12);
    INFO(error);
    CHECK(contains(error, "heard: . 1"));
  }
}

TEST_CASE("capture: a page below a frame of another origin, or around one, gets at no key and at no runtime",
          "[capture][secrets]") {
  // Each replaces what lists of frames could be walked with, in the way of its own realm, and tells the page what came of it.
  const std::string spies = R"(
    const {apply} = Reflect;
    const tell = (how) => top.postMessage({stolen: how}, '*');
    const impostor = (how) => ({document, closed: false, length: 0, __orchestrator: () => { tell(`key by ${how}`); return null; }});
    const look = (how, value) => {
      try { if (typeof value.seek === 'function' || typeof value.runtime.seek === 'function') tell(`runtime by ${how}`); } catch {}
    };
    const spyOn = (owner, name) => {
      const original = owner[name];
      owner[name] = function (...values) {
        look(String(name), this);
        for (let i = 0; i < values.length; i += 1) look(String(name), values[i]);
        const result = apply(original, this, values);
        look(String(name), result);
        return result;
      };
    };
    for (const name of ['get', 'set', 'has', 'delete', 'values', 'keys', 'entries']) spyOn(Map.prototype, name);
    for (const name of ['add', 'has', 'delete', 'values']) spyOn(Set.prototype, name);
    for (const name of ['assign', 'freeze', 'values', 'entries']) spyOn(Object, name);)";
  const std::string steals = R"(
    const channel = new BroadcastChannel('x');
    const ways = [[Array, 'from'], [Array.prototype, 'flatMap'], [Array.prototype, 'map'], [Array.prototype, Symbol.iterator]];
    requestAnimationFrame(function step() {
      for (let i = 0; i < ways.length; i += 1) {
        const [owner, name] = [ways[i][0], ways[i][1]];
        const original = owner[name];
        owner[name] = () => name === Symbol.iterator ? apply(original, [impostor('iterator')], []) : [impostor(String(name))];
        try { channel.postMessage(1); } catch {} finally { owner[name] = original; }
      }
      requestAnimationFrame(step);
    });)";
  const std::string page =
      "<!doctype html><body><script>const stolen = new Set(), add = stolen.add.bind(stolen);"
      "addEventListener('message', ({data}) => { if (data.stolen) add(data.stolen); });" +
      spies + R"(
    for (const src of [location.origin.replace('127.0.0.1', 'localhost') + '/middle', '/moving']) {
      const frame = document.createElement('iframe');
      if (src === '/moving') frame.sandbox = 'allow-scripts';
      frame.src = src;
      document.body.append(frame);
    }
    let n = 0;
    requestAnimationFrame(function step() {
      if (++n === 6) throw new Error(`stolen: ${[...stolen].join()}.`);
      requestAnimationFrame(step);
    });</script>)";
  const std::string middle = "<body><script>" + spies + R"(
    const frame = document.createElement('iframe');
    frame.src = location.origin.replace('localhost', '127.0.0.1') + '/inner';
    document.body.append(frame);</script>)";
  const HttpServer server(
      {{"/page", {.body = page}},
       {"/middle", {.body = middle}},
       {"/inner", {.body = "<body><script>" + spies + steals + "</script>"}},
       {"/moving", {.body = "<script>requestAnimationFrame(function f() { requestAnimationFrame(f); })</script>"}}});
  Studio studio(CaptureMode::screenshot);
  const auto loaded = studio.load(server.url("/page"), {0, 8});
  REQUIRE(error_of(loaded) == "");
  const std::string error = first_error(studio, 0, 8);
  INFO(error);
  CHECK(contains(error, "stolen: ."));
}
