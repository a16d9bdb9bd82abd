// Messages through BroadcastChannels and through ports that workers have belong to the frame in which they were sent.
#include "support/contains.hpp"
#include "support/http_server.hpp"
#include "support/studio.hpp"

#include <catch2/catch.hpp>

#include <map>
#include <string>

using namespace orchestrator;
using namespace orchestrator::test;

namespace {

constexpr CaptureMode backends[] = {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot};

/// Each gives answer(n) in frame n, and has `/<name>/one`, `/<name>/two` for what it starts.
struct Way {
  const char* name;
  const char* page;
  const char* one;
  const char* two = "";
};

/// `work()` takes its time; `frames(f)` calls f(1), f(2), ... in animation frames; `now()` is the frame's number by the clock.
constexpr const char* helpers = R"(
    const work = () => { let x = 0; for (let i = 0; i < 5e6; i += 1) x += Math.sqrt(i); return x; };
    const frames = (f) => { let n = 0; requestAnimationFrame(function next() { f(n += 1); requestAnimationFrame(next); }); };
    const now = () => Math.round(performance.now() * 30 / 1000) + 1;
  )";

constexpr Way broadcasts[] = {
    {"page and worker",
     "new Worker('one'); const c = new BroadcastChannel('a'); c.onmessage = ({data}) => data.back && answer(data.n);"
     "frames((n) => c.postMessage({n}));",
     "const c = new BroadcastChannel('a'); c.onmessage = ({data}) => { work(); c.postMessage({n: Math.min(data.n, now()), back: "
     "1}); };"},
    {"worker and worker", "new Worker('one'); new Worker('two').onmessage = ({data}) => answer(data);",
     "const c = new BroadcastChannel('a'); frames((n) => { work(); c.postMessage(n); });",
     "const c = new BroadcastChannel('a'); c.onmessage = ({data}) => { work(); postMessage(data === now() ? data : 0); };"},
    {"windows",
     "const f = document.createElement('iframe'); f.src = 'one'; document.body.append(f); f.style.display = 'none';"
     "const c = new BroadcastChannel('a'); c.addEventListener('message', ({data}) => data.back && answer(data.n));"
     "frames((n) => c.postMessage({n}));",
     "<script>const c = new BroadcastChannel('a'); c.onmessage = ({data: {n}}) => c.postMessage({n, back: 1});</script>"},
    {"worker of a frame",
     "const f = document.createElement('iframe'); f.src = 'one'; document.body.append(f); f.style.display = 'none';"
     "const c = new BroadcastChannel('a'); c.onmessage = ({data}) => data.back ? answer(data.n) : c.postMessage({n: data.n, go: "
     "1});",
     "<script>new Worker('two'); const c = new BroadcastChannel('a'); let n = 0;"
     "requestAnimationFrame(function next() { c.postMessage({n: n += 1}); requestAnimationFrame(next); });</script>",
     "const c = new BroadcastChannel('a'); c.onmessage = ({data}) => { if (data.go) { work(); c.postMessage({n: data.n, back: "
     "1}); } };"},
    {"frames of another origin",
     "const other = location.origin.replace('127.0.0.1', 'localhost');"
     "for (const name of ['one', 'two']) { const f = document.createElement('iframe'); f.src = other + '/' + name;"
     "document.body.append(f); f.style.display = 'none'; }"
     "onmessage = ({data}) => answer(data);",
     "<script>const c = new BroadcastChannel('a'); let n = 0;"
     "requestAnimationFrame(function next() { c.postMessage(n += 1); requestAnimationFrame(next); });</script>",
     "<script>new BroadcastChannel('a').onmessage = ({data}) => parent.postMessage(data, '*');</script>"},
    {"frames below one of another origin, in one of this",
     "const f = document.createElement('iframe'); f.src = 'one'; document.body.append(f); f.style.display = 'none';"
     "onmessage = ({data}) => answer(data);",
     "<script>const c = new BroadcastChannel('a'); let n = 0;"
     "if (location.hash === '#hears') c.onmessage = ({data}) => top.postMessage(data, '*');"
     "else if (location.hash === '#posts') requestAnimationFrame(function next() { c.postMessage(n += 1); "
     "requestAnimationFrame(next); });"
     "else { const f = document.createElement('iframe'); f.src = location.origin.replace('127.0.0.1', 'localhost') + '/two';"
     "document.documentElement.append(f); }</script>",
     "<script>for (const name of ['#hears', '#posts']) { const f = document.createElement('iframe');"
     "f.src = location.origin.replace('localhost', '127.0.0.1') + '/one' + name; document.documentElement.append(f); }</script>"},
    {"worker in a worker",
     "new Worker('one'); const c = new BroadcastChannel('a'); c.onmessage = ({data}) => data.back && answer(data.n);"
     "frames((n) => c.postMessage({n}));",
     "new Worker('two');",
     "const c = new BroadcastChannel('a'); c.onmessage = ({data}) => { work(); c.postMessage({n: data.n, back: 1}); };"},
};

constexpr Way ports[] = {
    {"page and worker",
     "const worker = new Worker('one'), {port1, port2} = new MessageChannel();"
     "worker.postMessage({port2}, [port2]); port1.onmessage = ({data}) => answer(data);"
     "frames((n) => port1.postMessage(n));",
     "onmessage = ({data: {port2}}) => { port2.onmessage = ({data}) => { work(); port2.postMessage(Math.min(data, now())); }; "
     "};"},
    {"worker and worker",
     "const one = new Worker('one'), two = new Worker('two'), {port1, port2} = new MessageChannel();"
     "one.postMessage(0, [port1]); two.postMessage(0, {transfer: [port2]}); two.onmessage = ({data}) => answer(data);",
     "onmessage = ({ports: [port]}) => frames((n) => { work(); port.postMessage(n); });",
     "onmessage = ({ports: [port]}) => { port.addEventListener('message', ({data}) => { work(); postMessage(data === now() ? "
     "data : 0); });"
     "port.start(); };"},
    {"a worker's port, handed on",
     "const one = new Worker('one'), two = new Worker('two'); two.onmessage = ({data}) => answer(data);"
     "one.onmessage = ({ports}) => two.postMessage(0, ports);",
     "const {port1, port2} = new MessageChannel(); postMessage(0, [port2]); frames((n) => { work(); port1.postMessage(n); });",
     "onmessage = ({ports: [port]}) => { port.onmessage = ({data}) => { work(); postMessage(data); }; };"},
    {"worker in a worker",
     "const worker = new Worker('one'), {port1, port2} = new MessageChannel();"
     "worker.postMessage(0, [port2]); port1.onmessage = ({data}) => answer(data); frames((n) => port1.postMessage(n));",
     "const two = new Worker('two'); onmessage = ({ports}) => two.postMessage(0, ports);",
     "onmessage = ({ports: [port]}) => { port.onmessage = ({data}) => { work(); port.postMessage(data); }; };"},
    {"to and fro",
     "const worker = new Worker('one'), {port1, port2} = new MessageChannel(); worker.postMessage(0, [port2]);"
     "port1.onmessage = ({data: {n, left}}) => left > 0 ? port1.postMessage({n, left: left - 1}) : answer(n);"
     "frames((n) => port1.postMessage({n, left: 5}));",
     "onmessage = ({ports: [port]}) => { port.onmessage = ({data: {n, left}}) => { work(); port.postMessage({n, left: left - "
     "1}); }; };"},
    {"a channel for each call, closed after the answer",
     "const worker = new Worker('one'); frames((n) => { const {port1, port2} = new MessageChannel();"
     "port1.onmessage = ({data}) => { port1.close(); answer(data); }; worker.postMessage(n, [port2]); });",
     "onmessage = ({data, ports: [port]}) => { work(); port.postMessage(Math.min(data, now())); port.close(); };"},
    {"a channel for each call to a worker in a worker, closed before it is heard",
     "const worker = new Worker('one'); worker.onmessage = ({data}) => answer(data);"
     "frames((n) => { const {port1, port2} = new MessageChannel(); worker.postMessage(0, [port2]); port1.postMessage(n);"
     "port1.close(); });",
     "const two = new Worker('two'); two.onmessage = ({data}) => postMessage(data);"
     "onmessage = ({ports}) => { work(); two.postMessage(0, ports); };",
     "onmessage = ({ports: [port]}) => { port.onmessage = ({data}) => { work(); postMessage(Math.min(data, now())); }; };"},
};

std::map<std::string, HttpAnswer> files_of(const Way& way) {
  const auto file = [](const std::string& text) {
    return text.rfind("<script>", 0) == 0 ? HttpAnswer{.body = "<!doctype html>" + text}
                                          : HttpAnswer{.type = "text/javascript", .body = helpers + text};
  };
  return {
      {"/page",
       {.body = R"(<!doctype html><style>body { margin: 0; background: #fff }
              #bar { height: 20px; width: 0; background: #00f }</style><body><div id="bar"></div><script>)" +
                std::string(helpers) + "const answer = (n) => { bar.style.width = n * 10 + 'px'; };" + way.page + "</script>"}},
      {"/one", file(way.one)},
      {"/two", file(way.two)}};
}

int width_of_bar(const std::string& picture) {
  int width = 0;
  while (width < 320 && picture.compare((std::size_t{10} * 320 + static_cast<std::size_t>(width)) * 4, 3, "\xff\x00\x00", 3) == 0)
    ++width;
  return width;
}

void check(const Way& way) {
  const HttpServer server(files_of(way));
  for (const CaptureMode mode : backends) {
    Studio studio(mode);
    for (const std::int64_t first : {0, 9}) {
      CAPTURE(to_string(mode), way.name, first);
      REQUIRE(error_of(studio.load(server.url("/page"), {first, 14})) == "");
      for (std::int64_t frame = first; frame < first + 5; ++frame) {
        CAPTURE(frame);
        CHECK(width_of_bar(studio.pictures({frame}).front()) == 10 * (static_cast<int>(frame) + 1));
      }
    }
    CHECK(!contains(studio.log(), "another frame in each render"));
  }
}

}  // namespace

TEST_CASE("channels: what a BroadcastChannel carries is there in the frame in which it was sent", "[capture][channels]") {
  for (const Way& way : broadcasts) check(way);
}

TEST_CASE("channels: what a worker's port carries is there in the frame in which it was sent", "[capture][channels]") {
  for (const Way& way : ports) check(way);
}

TEST_CASE("channels: a worker's port that goes where it is not followed is told, and what nobody hears holds nothing up",
          "[capture][channels]") {
  const auto log_of = [](const std::string& page, const std::string& worker) {
    const HttpServer server({{"/page", {.body = "<body><script>" + page + "</script>"}},
                             {"/worker", {.type = "text/javascript", .body = worker}},
                             {"/frame", {.body = "<script>onmessage = () => {};</script>"}}});
    Studio studio(CaptureMode::screenshot);
    REQUIRE(error_of(studio.load(server.url("/page"), {0, 3})) == "");
    studio.pictures({0, 2});
    return studio.log();
  };
  const std::string lost = "a MessagePort of a worker came or went in a way that is not followed";
  const std::string give =
      "const worker = new Worker('/worker'), {port1, port2} = new MessageChannel(); worker.postMessage(0, [port1]);";
  CHECK(contains(log_of(give + "const other = new MessageChannel(); port2.postMessage(0, [other.port1]);",
                        "onmessage = ({ports: [port]}) => { port.onmessage = () => {}; };"),
                 lost));
  CHECK(contains(log_of(give + "const other = new MessageChannel(); other.port1.postMessage(0, [port2]);", ""), lost));
  CHECK(
      contains(log_of(give + "const frame = document.createElement('iframe'); frame.src = '/frame'; document.body.append(frame);"
                             "frame.onload = () => frame.contentWindow.postMessage(0, '*', [port2]);",
                      "onmessage = ({ports: [port]}) => requestAnimationFrame(() => port.postMessage(0));"),
               lost));
  const std::string unheard =
      log_of(give + "port2.postMessage(1);", "onmessage = ({ports: [port]}) => { port.postMessage(2); };") +
      log_of(give + "port2.postMessage(1); port2.close();", "onmessage = ({ports: [port]}) => port.start();") +
      log_of(give + "port2.close(); port2.postMessage(1);", "onmessage = ({ports: [port]}) => { port.onmessage = () => {}; };") +
      log_of(give + "port2.onmessage = () => {}; worker.terminate(); port2.postMessage(1);", "");
  CHECK(!contains(unheard, "at another frame in each render"));
}

TEST_CASE("channels: those that are closed are counted no longer, in the page and in its workers", "[capture][channels]") {
  // The runtime uses the page's Map.prototype.values, which sees how many ends it counts.
  const std::string count = R"(const {values} = Map.prototype, counted = [];
      Map.prototype.values = function () {
        const all = [...values.call(this)];
        if (all[0]?.isStarted !== undefined) counted.push(all.length);
        return all.values();
      };)";
  const HttpServer server({{"/page", {.body = "<body><script>" + count + R"(
      const worker = new Worker('/worker');
      worker.onmessage = ({data}) => console.warn(`at most ${Math.max(...counted)} and ${data}`);
      let frame = -1;
      const call = () => {
        const {port1, port2} = new MessageChannel();
        port1.onmessage = () => port1.close();
        worker.postMessage(0, [port2]);
      };
      requestAnimationFrame(function next() {
        requestAnimationFrame(next);
        for (let i = 0; i < 10; i += 1) call();
        if (++frame === 9) worker.postMessage(0);
      });</script>)"}},
                           {"/worker",
                            {.type = "text/javascript",
                             .body = count + "onmessage = ({ports: [port]}) => port ? port.postMessage(0) : "
                                             "postMessage(Math.max(...counted));"}}});
  Studio studio(CaptureMode::screenshot);
  REQUIRE(error_of(studio.load(server.url("/page"), {0, 10})) == "");
  studio.pictures({0, 9});
  CHECK(contains(studio.log(), "at most 10 and 10"));
}

TEST_CASE("channels: a frame that those of its origin cannot find, in a shadow root of another origin, is told",
          "[capture][channels]") {
  const std::string other =
      "location.origin.replace(location.hostname, location.hostname === 'localhost' ? '127.0.0.1' : 'localhost')";
  const HttpServer server({{"/page",
                            {.body = "<body><script>const f = document.createElement('iframe'); f.src = " + other +
                                     " + '/middle'; document.body.append(f);</script>"}},
                           {"/middle",
                            {.body = "<body><div id=host></div><script>const f = document.createElement('iframe'); f.src = " +
                                     other + " + '/inner'; host.attachShadow({mode: 'open'}).append(f);</script>"}},
                           {"/inner", {.body = "<script>new BroadcastChannel('a');</script>"}}});
  Studio studio(CaptureMode::screenshot);
  REQUIRE(error_of(studio.load(server.url("/page"), {0, 2})) == "");
  studio.pictures({0, 1});
  CHECK(contains(studio.log(), "/inner: it is in a shadow root of a page of another origin"));
}

TEST_CASE("channels: with a shared worker they are the browser's own, which is told", "[capture][channels]") {
  const HttpServer server(
      {{"/page", {.body = R"(<body><script>
                               new SharedWorker('/shared.js');
                               const channel = new BroadcastChannel('a');
                               window.renderFrame = (frame) => new Promise((resolve) => {
                                 const ask = setInterval(() => channel.postMessage(frame), 10);
                                 channel.onmessage = ({data}) => {
                                   clearInterval(ask);
                                   document.body.style.background = data === frame + 0.5 ? '#00f' : '#fff';
                                   resolve();
                                 };
                               });</script>)"}},
       {"/shared.js",
        {.type = "text/javascript",
         .body = "const c = new BroadcastChannel('a'); c.onmessage = ({data}) => c.postMessage(data + 0.5);"}}});
  Studio studio(CaptureMode::screenshot);
  REQUIRE(error_of(studio.load(server.url("/page"), {0, 1})) == "");
  CHECK(width_of_bar(studio.pictures({0}).front()) == 320);
  CHECK(contains(studio.log(), "BroadcastChannel a of a page with a shared or service worker"));
}

TEST_CASE("channels: they are heard, closed and refuse what cannot be cloned as a browser's own", "[capture][channels]") {
  const HttpServer server({{"/page", {.body = R"(<!doctype html><body style="margin: 0"><script>
      const [sender, hearer, other, closed] = ['a', 'a', 'b', 'a'].map((name) => new BroadcastChannel(name));
      const seen = [];
      for (const [name, channel] of Object.entries({sender, hearer, other, closed})) {
        channel.onmessage = ({data, origin, target}) => seen.push(name, data.size, origin === location.origin, target === channel);
      }
      const nameOf = (f) => { try { f(); return 'none'; } catch ({name}) { return name; } };
      closed.close();
      const errors = [() => sender.postMessage(() => {}), () => closed.postMessage(1), () => sender.postMessage(),
                      () => BroadcastChannel.prototype.postMessage.call({}, 1)].map(nameOf);
      let isAsync = true;
      requestAnimationFrame(() => {
        const data = new Map([[1, 2]]);
        sender.postMessage(data);
        data.clear();
        isAsync = seen.length === 0;
        requestAnimationFrame(() => {
          const right = JSON.stringify(seen) === '["hearer",1,true,true]' &&
            JSON.stringify(errors) === '["DataCloneError","InvalidStateError","TypeError","TypeError"]';
          document.body.style.background = right && isAsync ? '#00f' : '#f00';
          if (!right) console.log(JSON.stringify([seen, errors]));
        });
      });</script>)"}}});
  Studio studio(CaptureMode::shm);
  REQUIRE(error_of(studio.load(server.url("/page"), {0, 2})) == "");
  CHECK(width_of_bar(studio.pictures({1}).front()) == 320);
}
