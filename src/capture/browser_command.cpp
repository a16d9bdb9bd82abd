#include "capture/browser_command.hpp"

#include <algorithm>

namespace orchestrator {

namespace {

using Arguments = std::vector<std::string>;

void append(Arguments& all, std::initializer_list<const char*> more) { all.insert(all.end(), more.begin(), more.end()); }

/// Flags for a quiet browser: no start-up chores, no talk with Google, nothing that outlives it, no bubble over the page.
void append_quiet(Arguments& all) {
  append(all, {"--no-first-run",
               "--no-default-browser-check",
               "--disable-background-networking",
               "--disable-component-update",
               "--disable-default-apps",
               "--disable-domain-reliability",
               "--disable-extensions",
               "--disable-sync",
               "--disable-breakpad",
               "--disable-crash-reporter",
               "--no-pings",
               "--metrics-recording-only",
               "--mute-audio",
               "--password-store=basic",
               "--deny-permission-prompts",
               "--disable-hang-monitor",
               "--disable-prompt-on-repost",
               "--disable-search-engine-choice-screen",
               "--noerrdialogs",
               "--disable-infobars"});
}

/// Flags that keep a browser from calling its makers, beside --disable-background-networking. What has no switch gets an address
/// where nobody listens: port 1 of this machine, which is reached without proxy and name server. These services are of no use to
/// a page. The search engine is in profile_settings.cpp, the time service among --disable-features below.
void append_silent(Arguments& all) {
  append(all,
         {"--component-updater=url-source=http://127.0.0.1:1/",  // on-demand components come despite --disable-component-update
          "--gaia-url=https://127.0.0.1:1/"});                   // asks accounts.google.com who is signed in
}

/// A few large raster tiles and two threads for them (cc/base/switches.cc). With the default of 256 x 256 every blur and gradient
/// is computed again for each of the tiles it touches: 12.5 ms CPU a frame of the reference scene at 1920x1080, 7.5 ms with one
/// tile, 8.2 ms with two, which take half the time; compositing 40 tiles takes 4.0 ms, two 1.9 ms.
void append_tiles(Arguments& all, const BrowserCommand& command) {
  constexpr int granularity = 64;  // cc rounds tiles up to a multiple of 4; some more space keeps borders inside
  const auto rounded = [](int size) { return std::to_string((size / granularity + 1) * granularity); };
  all.push_back("--num-raster-threads=2");
  // Two by four tiles: compared with two tiles, a frame in which everything changes costs 4 % more, and one in which little
  // changes costs less than half, because a changed tile is drawn whole (see --disable-partial-raster; ADR 0001).
  all.push_back("--default-tile-width=" + rounded(command.width / 2));
  all.push_back("--default-tile-height=" + rounded(command.height / 4));
}

/// "de-DE,de": the languages that the browser names to servers and pages (navigator.languages), workers included.
std::string accepted_languages(const std::string& locale) {
  const std::string tag = locale.substr(0, locale.find("-u-"));  // this part has settings of Intl, not a language (RFC 6067)
  const std::string language = tag.substr(0, tag.find('-'));
  return language == tag ? tag : tag + "," + language;
}

/// Flags for the same pixels whatever the machine, the backend and the age of the process.
void append_exact(Arguments& all, const BrowserCommand& command) {
  append(all,
         {"--force-device-scale-factor=1", "--force-color-profile=srgb", "--hide-scrollbars", "--disable-lcd-text",
          "--font-render-hinting=none", "--disable-background-timer-throttling", "--disable-backgrounding-occluded-windows",
          "--disable-renderer-backgrounding", "--disable-ipc-flooding-protection", "--autoplay-policy=no-user-gesture-required"});
  // A mouse, whatever the machine has, for @media (hover) and (pointer): ui/base/pointer/pointer_device.h, HOVER_TYPE_HOVER and
  // POINTER_TYPE_FINE.
  all.push_back("--blink-settings=primaryHoverType=2,availableHoverTypes=2,primaryPointerType=4,availablePointerTypes=4");
  all.push_back("--lang=" + command.locale);
  all.push_back("--accept-lang=" + accepted_languages(command.locale));
  // The CSS property image-animation (CSS Images 4), by which animated images stand still (animated_images.js). The setting
  // imageAnimationPolicy would stop them from the start, but also SMIL, which then cannot even be set to a time.
  all.push_back("--enable-blink-features=CSSImageAnimation");
  all.push_back("--disable-smooth-scrolling");  // the runtime makes smooth scrolls follow the clock: smooth_scrolls.js
  // A frame or image with loading="lazy" loads in the browser's own frames, when it comes within some 2500 px of the view (Blink,
  // LazyLoadFrameObserver): how many of those there are is a matter of chance. With this flag, it loads as without the attribute.
  all.push_back("--disable-lazy-loading");
  // A tile is drawn whole even if only a part of it has changed. Drawing the part alone, Skia would smooth the edge of a clip
  // that is no rectangle differently (by up to 68 of 255), so that a picture would depend on what was drawn before it.
  all.push_back("--disable-partial-raster");
  // Software rendering with WebGL; --disable-gpu-compositing because reading pixels back from SwiftShader takes 40 ms.
  append(all, {"--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--disable-gpu-compositing"});
  append_tiles(all, command);
  // A cross-site frame in a process of its own commits independently: in 55 of 150 frames its picture was one frame behind. The
  // profile is empty and thrown away, so there is nothing that isolation would protect from the page.
  append(all, {"--disable-site-isolation-trials",
               "--disable-features=IsolateOrigins,site-per-process,Translate,OptimizationHints,MediaRouter,"
               "DialMediaRouteProvider,NetworkTimeServiceQuerying,BackForwardCache,PaintHolding,HttpsUpgrades,"
               // The address bar's pages: a renderer process of 130 MB that a kiosk never shows.
               "WebUIOmniboxPopup,WebUIOmniboxAimPopup,WebUIOmniboxFullPopup,PreloadTopChromeWebUI"});
}

/// The flags that make headless shell draw on HeadlessExperimental.beginFrame only; they work together or not at all.
void append_begin_frame(Arguments& all) {
  append(all, {"--deterministic-mode", "--enable-begin-frame-control", "--disable-new-content-rendering-timeout",
               "--run-all-compositor-stages-before-draw", "--disable-threaded-animation", "--disable-threaded-scrolling",
               "--disable-checker-imaging", "--disable-image-animation-resync", "--enable-surface-synchronization"});
  // --enable-gpu-benchmarking as for a window, below. A window that a page opens would get that object, too, so no page may open
  // one (a browser with a window blocks them anyway).
  append(all, {"--enable-gpu-benchmarking", "--block-new-web-contents"});
}

std::string size_argument(int width, int height) {
  return "--window-size=" + std::to_string(width) + "," + std::to_string(height);
}

void append_window(Arguments& all, const BrowserCommand& command) {
  if (command.kind != BrowserKind::on_display) {
    all.push_back(size_argument(command.width, command.height));
    if (command.full_browser) all.push_back("--headless=new");
    return;
  }
  // Without a window manager the page's area is one pixel short of the window in each direction.
  all.push_back(size_argument(command.width + 1, command.height + 1));
  append(all, {"--ozone-platform=x11", "--kiosk", "--app=about:blank", "--window-position=0,0", "--disable-checker-imaging"});
  all.push_back("--enable-gpu-benchmarking");  // tells when a frame is on the screen (src/page/runtime/benchmarking.js)
  if (!command.limit_rate) all.push_back("--disable-frame-rate-limit");  // else every frame waits for a 60 Hz tick
}

}  // namespace

std::vector<std::string> browser_arguments(const BrowserCommand& command) {
  Arguments all{command.program, "--remote-debugging-pipe", "--user-data-dir=" + command.profile.string()};
  append_quiet(all);
  append_silent(all);
  append_exact(all, command);
  append_window(all, command);
  if (command.kind == BrowserKind::by_begin_frame) append_begin_frame(all);
  if (!command.sandbox) all.push_back("--no-sandbox");
  if (command.small_shared_memory) all.push_back("--disable-dev-shm-usage");
  if (!command.host_resolver_rules.empty()) all.push_back("--host-resolver-rules=" + command.host_resolver_rules);
  if (command.kind != BrowserKind::on_display) all.push_back("about:blank");
  return all;
}

}  // namespace orchestrator
