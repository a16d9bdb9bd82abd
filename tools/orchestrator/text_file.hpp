#pragma once

#include "base/invalid_options.hpp"

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace orchestrator::tool {

/// The bytes of a file that the user named. Errors: Errc::invalid_options, saying why there are none: an empty file has none,
/// too.
inline Result<std::string> text_of_file(const std::string& name) {
  const auto unreadable = [&](const std::string& reason) { return invalid_options("cannot read " + name + ": " + reason); };
  std::error_code failed;
  if (std::filesystem::is_directory(name, failed)) return unreadable("it is a folder");
  errno = 0;
  std::ifstream stream(name, std::ios::binary);
  if (!stream) return unreadable(std::strerror(errno));
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  if (text.empty()) return unreadable("it is empty");
  return text;
}

}  // namespace orchestrator::tool
