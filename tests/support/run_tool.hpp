#pragma once

#include "support/await.hpp"

#include <orchestrator/worker/child_process.hpp>

#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace orchestrator::test {

/// What a program writes to its standard output; throws unless it succeeds.
inline std::string run_tool(SpawnOptions options) {
  auto output = await(run_program(std::move(options)));
  if (!output) throw std::runtime_error(output.error().message());
  if (!output->status.success()) throw std::runtime_error(to_string(output->status) + "\n" + output->error_tail);
  return std::move(output->output);
}
inline std::string run_tool(std::vector<std::string> argv) { return run_tool(SpawnOptions{.argv = std::move(argv)}); }

/// What ffprobe shows for `entry`, a line for each packet or stream.
inline std::vector<std::string> probe(const std::string& file, const std::string& stream, const std::string& entry) {
  std::istringstream lines(run_tool({"ffprobe", "-v", "error", "-select_streams", stream, "-show_entries", entry, "-of",
                                     "default=noprint_wrappers=1:nokey=1", "file:" + file}));
  std::vector<std::string> result;
  for (std::string line; std::getline(lines, line);) result.push_back(line);
  return result;
}

}  // namespace orchestrator::test
