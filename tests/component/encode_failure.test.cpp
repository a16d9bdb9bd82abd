#include "support/environment.hpp"
#include "support/temp_dir.hpp"
#include "support/video_chunks.hpp"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include <catch2/catch.hpp>

#include <sys/stat.h>
#include <unistd.h>

#include <fstream>

using namespace orchestrator;
using namespace orchestrator::test;
using namespace std::chrono_literals;

namespace {

/// A script in ffmpeg's place.
std::string fake_ffmpeg(const TempDir& folder, const std::string& body) {
  const std::filesystem::path path = folder / "fake-ffmpeg";
  std::ofstream(path) << "#!/bin/sh\n" << body << "\n";
  ::chmod(path.c_str(), 0755);
  return path;
}

const VideoOptions hd{.width = 1280, .height = 720, .fps = {30, 1}, .preset = "ultrafast", .crf = 0};

}  // namespace

TEST_CASE("encoder: a missing ffmpeg is said to be missing, and how to install it", "[encode]") {
  const TempDir folder;
  boost::asio::io_context context;
  {
    const Environment path("PATH", folder.path());
    const auto encoder = Encoder::start(context.get_executor(), {.video = hd, .output = folder / "c.mp4"});
    REQUIRE(encoder.has_error());
    CHECK(encoder.error().code == Errc::encoder_unavailable);
    CHECK(encoder.error().detail == "ffmpeg is not installed: apt-get install ffmpeg");
  }
  const Environment program("ORCHESTRATOR_FFMPEG", "/nowhere/ffmpeg");
  const auto encoder = Encoder::start(context.get_executor(), {.video = hd, .output = folder / "c.mp4"});
  REQUIRE(encoder.has_error());
  CHECK(encoder.error().detail ==
        "ORCHESTRATOR_FFMPEG=/nowhere/ffmpeg is not an executable file: correct or unset ORCHESTRATOR_FFMPEG");
}

TEST_CASE("encoder: an ffmpeg that dies while frames arrive is an error with its last words, soon", "[encode][ffmpeg]") {
  const TempDir folder;
  const Environment program("ORCHESTRATOR_FFMPEG",
                            fake_ffmpeg(folder, "head -c 3000000 > /dev/null; echo out of luck >&2; kill -9 $$"));
  const auto begin = std::chrono::steady_clock::now();
  const auto written = encode_chunk(hd, {0, 1000}, folder / "c.mp4");
  REQUIRE(written.has_error());
  CHECK(written.error().code == Errc::encoder_failed);
  CHECK(written.error().detail.find("signal 9") != std::string::npos);
  CHECK(written.error().output_tail == "out of luck");
  CHECK(std::chrono::steady_clock::now() - begin < 5s);
}

TEST_CASE("encoder: an ffmpeg that fails at the end fails finish()", "[encode][ffmpeg]") {
  const TempDir folder;
  const Environment program("ORCHESTRATOR_FFMPEG", fake_ffmpeg(folder, "cat > /dev/null; echo too bad >&2; exit 3"));
  const auto written = encode_chunk(hd, {0, 3}, folder / "c.mp4");
  REQUIRE(written.has_error());
  CHECK(written.error().detail.find("exit status 3") != std::string::npos);
  CHECK(written.error().output_tail == "too bad");
}

TEST_CASE("encoder: stop() ends a stuck ffmpeg at once and removes its file", "[encode][ffmpeg]") {
  const TempDir folder;
  const Environment program("ORCHESTRATOR_FFMPEG", fake_ffmpeg(folder, "exec sleep 100"));
  boost::asio::io_context context;
  std::ofstream(folder / "c.mp4") << "half a file";
  auto encoder = Encoder::start(context.get_executor(), {.video = hd, .output = folder / "c.mp4"});
  REQUIRE(encoder.has_value());
  // The first frames fill the queue and the pipe; a write that has to wait is cancelled.
  boost::asio::cancellation_signal cancel;
  boost::asio::steady_timer timer(context, 300ms);
  timer.async_wait([&](auto) { cancel.emit(boost::asio::cancellation_type::terminal); });
  std::optional<Error> error;
  const auto flood = [&]() -> boost::asio::awaitable<void> {
    co_await boost::asio::this_coro::throw_if_cancelled(false);
    while (!error) {
      Frame frame = make_frame(0, hd.width, hd.height);
      auto written = co_await encoder->write(std::move(frame));
      if (!written) error = written.error();
    }
    co_await encoder->stop();
  };
  const auto begin = std::chrono::steady_clock::now();
  const auto ended = [&](std::exception_ptr) { context.stop(); };
  boost::asio::co_spawn(context, flood(), boost::asio::bind_cancellation_slot(cancel.slot(), ended));
  context.run_for(10s);
  REQUIRE(error);
  CHECK(error->code == Errc::cancelled);
  CHECK(std::chrono::steady_clock::now() - begin < 3s);
  CHECK_FALSE(std::filesystem::exists(folder / "c.mp4"));
}

TEST_CASE("encoder: going out of scope in the middle of things leaves no process and does not hang", "[encode][ffmpeg]") {
  const TempDir folder;
  const Environment program("ORCHESTRATOR_FFMPEG", fake_ffmpeg(folder, "exec sleep 100"));
  boost::asio::io_context context;
  const auto begin = std::chrono::steady_clock::now();
  {
    auto encoder = Encoder::start(context.get_executor(), {.video = hd, .output = folder / "c.mp4"});
    REQUIRE(encoder.has_value());
    for (int i = 0; i < 2; ++i) REQUIRE(await(context, encoder->write(make_frame(i, hd.width, hd.height))).has_value());
  }
  CHECK(std::chrono::steady_clock::now() - begin < 3s);
}
