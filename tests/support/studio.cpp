#include "support/studio.hpp"

#include "support/await.hpp"
#include "support/files.hpp"

#include <orchestrator/worker/child_process.hpp>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <csignal>
#include <cstdlib>
#include <stdexcept>
#include <thread>

namespace orchestrator::test {

namespace {

constexpr int width = 320;
constexpr int height = 180;

CaptureOptions options_for(CaptureMode mode) { return {.mode = mode, .width = width, .height = height}; }

boost::asio::awaitable<bool> stop_session(CaptureSession& session) {
  co_await session.stop();
  co_return true;
}

std::string url_of(const std::string& page) {
  if (page.find("://") != std::string::npos) return page;
  return "file://" + (page.starts_with('/') ? page : ORCHESTRATOR_SOURCE_DIR "/tests/pages/" + page);
}

}  // namespace

Variable::Variable(std::string name, const std::string& value) : name_(std::move(name)) {
  if (const char* before = std::getenv(name_.c_str())) before_ = before;
  ::setenv(name_.c_str(), value.c_str(), 1);
}

Variable::~Variable() {
  if (before_) {
    ::setenv(name_.c_str(), before_->c_str(), 1);
  } else {
    ::unsetenv(name_.c_str());
  }
}

Result<std::string> start_capture(CaptureMode mode) {
  boost::asio::io_context context(1);
  auto session = await(context, CaptureSession::start(options_for(mode)));
  if (!session) return session.error();
  await(context, stop_session(**session));
  return (*session)->description();
}

Studio::Studio(CaptureMode mode, const std::string& locale)
    : temporary_files_("TMPDIR", folder_.path().string()),
      server_(std::move(*CompositionServer::start(context_.get_executor()))) {
  CaptureOptions options = options_for(mode);
  options.host_resolver_rules = server_->resolver_rule();
  options.locale = locale;
  options.log = [this](LogLevel, std::string_view text) { log_.append(text).append("\n"); };
  auto session = await(context_, CaptureSession::start(std::move(options)));
  if (!session) throw std::runtime_error(session.error().message());
  session_ = std::move(*session);
}

Studio::~Studio() { stop(); }

void Studio::stop() { await(context_, stop_session(*session_)); }

Result<LoadedPage> Studio::load(const std::string& page, FrameRange frames, TimeoutOptions timeouts, PageSettings settings) {
  return await(context_,
               session_->load({.url = url_of(page), .page = std::move(settings), .frames = frames, .timeouts = timeouts}));
}

Result<Frame> Studio::take(std::int64_t frame) { return await(context_, session_->capture(frame)); }

std::vector<std::string> Studio::pictures(const std::vector<std::int64_t>& frames) {
  std::string bytes;
  for (const std::int64_t number : frames) {
    const auto frame = take(number);
    if (!frame) throw std::runtime_error(frame.error().message());
    bytes.append(reinterpret_cast<const char*>(frame->bytes.data()), frame->bytes.size());
  }
  if (session_->layout() == FrameLayout::png) bytes = decoded(bytes);
  for (std::size_t unused = 3; unused < bytes.size(); unused += 4) bytes[unused] = 0;
  constexpr std::size_t size = std::size_t{width} * height * 4;
  std::vector<std::string> pictures;
  for (std::size_t at = 0; at < bytes.size(); at += size) pictures.push_back(bytes.substr(at, size));
  return pictures;
}

std::string Studio::decoded(const std::string& pngs) const {
  write_file(pages_ / "pngs", pngs);
  SpawnOptions ffmpeg;
  ffmpeg.argv = {"ffmpeg", "-v",       "error",    "-f",   "image2pipe", "-c:v",        "png", "-i", (pages_ / "pngs").string(),
                 "-f",     "rawvideo", "-pix_fmt", "bgr0", "-vsync",     "passthrough", "-"};
  auto output = await(run_program(std::move(ffmpeg)));
  if (!output || !output->status.success()) throw std::runtime_error("ffmpeg cannot decode the pictures");
  return output->output;
}

std::string Studio::file(const std::string& name, std::string_view text) const {
  write_file(pages_ / name, text);
  return (pages_ / name).string();
}

std::string Studio::serve(const std::string& page, std::function<std::chrono::milliseconds(const std::string&)> delay) {
  return server_->serve(page, [page, delay](std::string target) -> boost::asio::awaitable<SourcedFile> {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, delay(target));
    co_await timer.async_wait(boost::asio::use_awaitable);
    co_return SourcedFile{.path = std::filesystem::path(page).parent_path() / target.substr(1, target.find('?') - 1)};
  });
}

/// Processes are found by the folder's name in their environment or in their arguments: Chromium clears its environment, and its
/// children do not have the name among their arguments.
std::vector<Process> Studio::processes() const {
  const std::string folder = folder_.path().string();
  auto found = find_processes(folder, folder);
  for (Process& process : find_processes("", folder)) {
    if (process.command.find(folder) != std::string::npos) found.push_back(std::move(process));
  }
  return found;
}

void Studio::kill(std::string_view text) const {
  for (const Process& process : processes()) {
    if (process.command.find(text) != std::string::npos) ::kill(process.pid, SIGKILL);
  }
}

std::string Studio::remains() const {
  std::string found;
  for (int tries = 0; tries < 10; ++tries) {
    found.clear();
    for (const Process& process : processes()) found += process.command + "\n";
    for (const std::string& name : names_in(folder_.path())) found += name + "\n";
    if (found.empty()) break;
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
  }
  return found;
}

}  // namespace orchestrator::test
