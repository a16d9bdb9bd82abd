// Animations and transitions in shadow trees that the browser itself makes: inside <progress>, <details>, <input>, SVG's <use>.
#include "capture/browser_session.hpp"
#include "cdp/cdp_fields.hpp"
#include "support/await.hpp"
#include "support/studio.hpp"

#include <boost/asio/io_context.hpp>
#include <catch2/catch.hpp>

#include <algorithm>
#include <chrono>
#include <map>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

using namespace orchestrator;
using namespace orchestrator::test;
namespace asio = boost::asio;

namespace {

constexpr CaptureMode backends[] = {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot};
constexpr int width = 320;
constexpr int bar = 10;   // px
constexpr int speed = 8;  // px a frame

/// How long the red bar of a row is.
int length_of_bar(const std::string& picture, int row) {
  const std::string_view red("\0\0\xff", 3);
  const std::size_t line = (static_cast<std::size_t>(row) * bar + bar / 2) * width;
  int length = 0;
  while (length < width && std::string_view(picture).substr((line + static_cast<std::size_t>(length)) * 4, 3) == red) ++length;
  return length;
}

/// The frames in which the bars of own_trees.html begin to grow, row by row.
constexpr int begins[] = {0, 0, 0, 0, 3, 3, 3, 3, 3, 3, 0, 0, 0, 0, 10, 13, 10};

void check_bars(Studio& studio, std::int64_t frame) {
  const std::string picture = studio.pictures({frame})[0];
  int row = 0;
  for (const int begin : begins) {
    CAPTURE(frame, row);
    CHECK(length_of_bar(picture, row) == std::max(0, speed * static_cast<int>(frame - begin)));
    ++row;
  }
}

}  // namespace

TEST_CASE("own trees: what moves in the browser's own shadow trees follows the frames, in sequence and from a late start",
          "[capture]") {
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    for (const std::int64_t first : {0, 2, 12, 25}) {
      CAPTURE(first);
      const auto loaded = studio.load("own_trees.html", {first, 30});
      INFO(error_of(loaded));
      REQUIRE(loaded.has_value());
      for (std::int64_t frame = first; frame < 30; frame += 3) check_bars(studio, frame);
    }
  }
}

TEST_CASE("own trees: a page with renderFrame is followed, too, whichever frame comes first", "[capture]") {
  const std::string page = R"(<!doctype html><style>
      body { margin: 0; background: #000 }
      @keyframes grow { from { width: 0 } to { width: 480px } }
      #bar { height: 10px; fill: #f00; animation: grow 2s linear }
    </style><svg><defs><rect id="bar"/></defs><use href="#bar"/></svg><script>
      renderFrame = () => {};
    </script>)";
  for (const CaptureMode mode : backends) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    const auto loaded = studio.load(studio.file("page.html", page), {0, 30});
    INFO(error_of(loaded));
    REQUIRE(loaded.has_value());
    for (const int frame : {20, 3, 29}) CHECK(length_of_bar(studio.pictures({frame})[0], 0) == speed * frame);
  }
}

namespace {

/// Appends each element of HTML and SVG, and asks DevTools which of them have a tree that the browser made. Those of input have
/// one name for all types.
const std::string append_all = R"((() => {
    const html = 'a abbr address area article aside audio b base bdi bdo blockquote br button canvas caption cite code col colgroup ' +
      'data datalist dd del details dfn dialog div dl dt em embed fieldset figcaption figure footer form h1 header hgroup hr i iframe ' +
      'img input ins kbd label legend li link main map mark marquee menu meta meter nav noscript object ol optgroup option output p ' +
      'picture pre progress q rp rt ruby s samp script search section select selectedcontent slot small source span strong style sub ' +
      'summary sup table tbody td template textarea tfoot th thead time title tr track u ul var video wbr';
    const svg = 'a animate animateMotion animateTransform circle clipPath defs desc ellipse feBlend filter foreignObject g image line ' +
      'linearGradient marker mask metadata mpath path pattern polygon polyline radialGradient rect script set stop style svg switch ' +
      'symbol text textPath title tspan use view';
    const root = document.body.appendChild(document.createElementNS('http://www.w3.org/2000/svg', 'svg'));
    const elements = [...html.split(' ').map((name) => document.body.appendChild(document.createElement(name))),
                      ...svg.split(' ').map((name) => root.appendChild(document.createElementNS(root.namespaceURI, name)))];
    window.all = elements.reverse();
  })())";

asio::awaitable<Result<std::string>> names_with_trees(Page& page) {
  const Deadline deadline = Deadline::clock::now() + std::chrono::seconds(20);
  auto appended = co_await page.call("Runtime.evaluate", R"({"expression":)" + cdp_quote(append_all) + "}", deadline);
  std::string names;
  while (appended) {
    auto next = co_await page.call("Runtime.evaluate", R"js({"expression":"all.pop()"})js", deadline);
    if (!next) co_return next.error();
    const auto object = cdp_text(*next, "/result/objectId");
    if (!object) break;
    std::string params = R"({"pierce":true,"depth":1,"objectId":)" + cdp_quote(*object) + "}";
    auto node = co_await page.call("DOM.describeNode", std::move(params), deadline);
    if (!node) co_return node.error();
    if (cdp_text(*node, "/node/shadowRoots/0/shadowRootType") != "user-agent") continue;
    names += cdp_text(*node, "/node/localName").value_or("") + " ";
  }
  co_return names;
}

asio::awaitable<Result<std::string>> names_in_browser() {
  const CaptureOptions options{.width = width, .height = 180};
  auto open = co_await open_browser(BrowserKind::headless, options);
  if (!open) co_return open.error();
  auto names = co_await names_with_trees(*(*open)->page);
  co_await (*open)->stop();
  co_return names;
}

}  // namespace

// The runtime follows details, input, meter, progress, textarea and use. In the others, no style sheet reaches anything that
// moves in a film (own_trees.js).
TEST_CASE("own trees: the browser makes them for the elements that are known, and no others", "[capture]") {
  asio::io_context context(1);
  const auto names = await(context, names_in_browser());
  REQUIRE(names.has_value());
  CHECK(*names == "audio details embed input marquee meter object optgroup option progress select textarea video use ");
}

TEST_CASE("own trees: they are found in shadow trees that come in late, and where an element changes its type", "[capture]") {
  // Four bars that grow from frame 6 on, 8 pixels a frame: of an input that becomes a range, in a custom element that was made
  // before it is inserted, in a clone, and in a tree that setHTMLUnsafe makes.
  const std::string page = R"(<!doctype html><style id=s>
      @keyframes grow { from { width: 0 } to { width: 480px } }
      input { position: absolute; left: 0; width: 480px; height: 10px; margin: 0; padding: 0; border: 0; appearance: none; background: #000 }
      input::-webkit-slider-thumb { appearance: none; height: 10px; background: #f00; animation: grow 2s linear }
    </style><body style="margin:0;background:#000"><input type=checkbox id=box value=0 style="top:0"><script>
      const inside = (top) => `<style>${s.textContent}</style><input type=range value=0 style="top:${top}px">`;
      customElements.define('x-x', class extends HTMLElement {
        constructor() { super(); this.attachShadow({mode: 'open'}).innerHTML = inside(20); }
      });
      const template = document.createElement('div');
      template.setHTMLUnsafe(`<div><template shadowrootmode=open shadowrootclonable>${inside(40)}</template></div>`);
      let pooled;
      setTimeout(() => { pooled = document.createElement('x-x'); }, 50);
      setTimeout(() => {
        box.type = 'range';
        document.body.append(pooled, template.firstChild.cloneNode(true));
        const unsafe = document.createElement('div');
        document.body.append(unsafe);
        unsafe.setHTMLUnsafe(`<div><template shadowrootmode=open>${inside(60)}</template></div>`);
      }, 200);
    </script>)";
  for (const CaptureMode mode : {CaptureMode::shm, CaptureMode::beginframe, CaptureMode::screenshot}) {
    for (const std::int64_t first : {0, 12}) {
      Studio studio(mode);
      REQUIRE(studio.load(studio.file("late.html", page), {first, 20}).has_value());
      const std::string picture = studio.pictures({16}).front();
      for (const int row : {0, 2, 4, 6}) {
        CAPTURE(to_string(mode), first, row);
        CHECK(length_of_bar(picture, row) == 10 * speed);
      }
    }
  }
}

TEST_CASE("own trees: a frame that goes elsewhere while its trees are made known ends no render", "[capture]") {
  std::map<std::string, HttpAnswer> answers{{"/page", {.body = R"(<div id=h></div><script>
      const frame = '<iframe sandbox=allow-scripts src=/child></iframe>';
      h.innerHTML = frame.repeat(4);
      let n = 0;
      requestAnimationFrame(function step() {
        if (++n % 3 === 0) {
          h.firstElementChild.remove();
          h.insertAdjacentHTML('beforeend', frame);
        }
        requestAnimationFrame(step);
      });
    </script>)"}}};
  for (int times = 0; times < 10; ++times) {
    answers["/child" + (times == 0 ? "" : "?" + std::to_string(times))] = {.body = R"(<body><progress value=.4></progress><script>
      requestAnimationFrame(function step() {
        document.body.append(document.createElement('input'));
        if (performance.now() > 70) location.search = Number(location.search.slice(1)) + 1;
        requestAnimationFrame(step);
      });
    </script>)"};
  }
  const HttpServer server(std::move(answers));
  for (const CaptureMode mode : {CaptureMode::shm, CaptureMode::beginframe}) {
    CAPTURE(to_string(mode));
    Studio studio(mode);
    REQUIRE(error_of(studio.load(server.url("/page"), {0, 30})).empty());
    std::vector<std::int64_t> frames(30);
    std::iota(frames.begin(), frames.end(), 0);
    CHECK(studio.pictures(frames).size() == 30);
  }
}
