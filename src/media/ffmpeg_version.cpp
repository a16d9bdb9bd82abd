#include "media/ffmpeg_version.hpp"

#include "media/ffmpeg_program.hpp"

#include <orchestrator/worker/child_process.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <sstream>

namespace orchestrator {

namespace {

// A program that says nothing for so long is left alone: the version is only told.
constexpr std::chrono::seconds version_limit{10};

/// "ffmpeg version 5.1.9-0+deb12u1 Copyright (c) ..."
std::string version_in_banner(const std::string& banner) {
  std::istringstream words(banner);
  std::string program, word, version;
  words >> program >> word >> version;
  return word == "version" ? version : std::string();
}

}  // namespace

boost::asio::awaitable<std::string> ffmpeg_version() {
  const auto ffmpeg = ffmpeg_program(Stage::encode);
  if (!ffmpeg) co_return std::string();
  SpawnOptions options;
  options.argv = {*ffmpeg, "-version"};
  options.own_group = true;
  const auto output = co_await run_program(std::move(options), version_limit);
  co_return output ? version_in_banner(output->output) : std::string();
}

}  // namespace orchestrator
