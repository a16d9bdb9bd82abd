// What a page must not get hold of: the browser's objects that are there for the capture.
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

}  // namespace

TEST_CASE("capture: no page, in no kind of frame, gets the object that tells when a frame is on the screen",
          "[capture][secrets]") {
  const HttpServer server({{"/page", {.body = seeks_benchmarking}},
                           {"/frame", {.body = looks_from_within}},
                           {"/xml", {.type = "text/xml", .body = xml}},
                           {"/xsl", {.type = "text/xsl", .body = xsl}}});
  Studio studio(CaptureMode::shm);
  const auto loaded = studio.load(server.url("/page"), {0, 2});
  REQUIRE((loaded ? "" : loaded.error().message()) == "");
  REQUIRE(studio.take(0).has_value());
  const auto taken = studio.take(1);
  REQUIRE_FALSE(taken.has_value());
  INFO(taken.error().detail);
  CHECK(contains(taken.error().detail, "found: ."));
}
