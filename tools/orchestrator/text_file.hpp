#pragma once

#include <fstream>
#include <optional>
#include <sstream>
#include <string>

namespace orchestrator::tool {

/// The bytes of a file that the user named; nothing if it cannot be read.
inline std::optional<std::string> text_of_file(const std::string& name) {
  std::ifstream stream(name, std::ios::binary);
  std::ostringstream text;
  if (stream) text << stream.rdbuf();
  if (!stream || !text) return std::nullopt;
  return text.str();
}

}  // namespace orchestrator::tool
