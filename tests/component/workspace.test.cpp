#include "worker/workspace.hpp"

#include "support/channel_ends.hpp"

#include <catch2/catch.hpp>

using namespace orchestrator;
using namespace orchestrator::test;

TEST_CASE("workspace: a chunk that goes back is written into a folder of its own", "[worker]") {
  boost::asio::io_context context;
  ChannelPair channels{context.get_executor()};
  Workspace workspace(context.get_executor(), channels.one);
  protocol::Job job{.job = {.chunk = 3, .video = with_defaults({})}, .return_file = true};
  REQUIRE(workspace.prepare(job).has_value());
  CHECK(job.job.output.filename() == "chunk-3.mp4");
  CHECK(std::filesystem::is_directory(job.job.output.parent_path()));
}

TEST_CASE("workspace: a size or rate that cannot be is refused by name, also where nothing is filmed", "[worker]") {
  boost::asio::io_context context;
  ChannelPair channels{context.get_executor()};
  Workspace workspace(context.get_executor(), channels.one);
  protocol::Describe describe{.job = {.video = with_defaults({})}};
  CHECK(workspace.prepare(describe).has_value());
  describe.job.video.fps = {30, 0};
  CHECK(workspace.prepare(describe).error().detail.starts_with("video.fps"));
  protocol::Job job{.job = {.video = with_defaults({.width = -5})}};
  CHECK(workspace.prepare(job).error().detail.starts_with("video.width"));
}

TEST_CASE("workspace: a codec that only a newer host knows is refused by name", "[worker]") {
  boost::asio::io_context context;
  ChannelPair channels{context.get_executor()};
  Workspace workspace(context.get_executor(), channels.one);
  protocol::Job codec{.job = {.video = with_defaults({})}, .return_file = true};
  codec.job.video.codec = "h999";
  protocol::Job pixels{.return_file = true};
  pixels.job.video.pixel_format = "yuv999p";
  for (protocol::Job* job : {&codec, &pixels}) {
    const auto prepared = workspace.prepare(*job);
    REQUIRE_FALSE(prepared.has_value());
    CHECK(prepared.error().code == Errc::invalid_options);
    CHECK(prepared.error().detail.find("999") != std::string::npos);
  }
}
