// A cancellation is kept wherever it arrives, and a start that comes to nothing leaves nothing.
#include "capture/capture_session.hpp"
#include "capture/frame_pool.hpp"
#include "cdp/cdp_connection.hpp"
#include "process/descriptors.hpp"
#include "support/cancel.hpp"
#include "support/contains.hpp"
#include "support/files.hpp"
#include "support/studio.hpp"
#include "support/temp_dir.hpp"

#include <catch2/catch.hpp>

#include <sys/socket.h>
#include <unistd.h>

#include <thread>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;

namespace asio = boost::asio;

namespace {

template <class T>
Errc code_of(const Result<T>& result) {
  return result ? Errc::internal : result.error().code;
}

}  // namespace

TEST_CASE("cancellation: a CDP call whose reply is there already is cancelled all the same", "[capture]") {
  asio::io_context context(1);
  int commands[2];
  REQUIRE(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, commands) == 0);
  const UniqueFd browser_end(commands[1]);
  auto replies = make_pipe();
  REQUIRE(replies.has_value());
  CdpConnection connection(context.get_executor(), UniqueFd(commands[0]), std::move(replies->read));
  const auto deadline = std::chrono::steady_clock::now() + 1min;
  const auto answered = connection.send("Browser.getVersion", "{}", "", deadline);
  const std::string reply = R"({"id":1,"result":{}})" + std::string(1, '\0');
  REQUIRE(::write(replies->write.get(), reply.data(), reply.size()) == static_cast<ssize_t>(reply.size()));
  context.run_for(100ms);
  REQUIRE(answered->reply.has_value());
  CHECK(code_of(await_cancelled(context, once_cancelled(connection.finish(answered)), 10ms)) == Errc::cancelled);
  const auto unanswered = connection.send("Browser.getVersion", "{}", "", deadline);
  CHECK(code_of(await_cancelled(context, once_cancelled(connection.finish(unanswered)), 10ms)) == Errc::cancelled);
}

TEST_CASE("cancellation: a free frame buffer is not handed to who was cancelled", "[capture]") {
  asio::io_context context(1);
  auto pool = FramePool::create(context.get_executor(), 4096);
  REQUIRE(pool.has_value());
  CHECK(code_of(await_cancelled(context, once_cancelled((*pool)->acquire()), 10ms)) == Errc::cancelled);
}

TEST_CASE("cancellation: a capture that is cancelled while it starts tries no other way", "[capture]") {
  for (const auto mode : {CaptureMode::automatic, CaptureMode::beginframe}) {
    for (const auto delay : {0ms, 10ms, 30ms, 60ms, 100ms}) {
      CAPTURE(to_string(mode), delay.count());
      asio::io_context context(1);
      const auto started = await_cancelled(context, CaptureSession::start({.mode = mode, .width = 320, .height = 180}), delay);
      REQUIRE_FALSE(started.has_value());
      CHECK(started.error().message().find("cancelled") != std::string::npos);
      CHECK(started.error().code == Errc::cancelled);
    }
  }
}

TEST_CASE("capture: a temporary folder with a path too long for Chromium's socket is no reason to capture slowly", "[capture]") {
  const TempDir temporary;
  const auto deep = temporary / std::string(100, 'd');
  std::filesystem::create_directories(deep);
  const Variable files("TMPDIR", deep.string());
  CHECK(start_capture(CaptureMode::shm).has_value());
  CHECK(names_in(deep) == std::vector<std::string>{});
}

TEST_CASE("capture: a start that fails after the browser runs leaves no file behind", "[capture]") {
  const TempDir scripts;
  const TempDir temporary;
  write_script(scripts / "Xvfb", R"(exec Xvfb "$@" -extension DAMAGE)");
  const Variable display("ORCHESTRATOR_XVFB", (scripts / "Xvfb").string());
  const Variable files("TMPDIR", temporary.path().string());
  const auto started = start_capture(CaptureMode::shm);
  REQUIRE_FALSE(started.has_value());
  CHECK(contains(started.error().detail, "DAMAGE"));
  std::this_thread::sleep_for(500ms);  // a browser that still ran would write its files again
  CHECK(names_in(temporary.path()) == std::vector<std::string>{});
}
