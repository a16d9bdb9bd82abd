#pragma once

#include <sstream>
#include <string>
#include <string_view>

namespace orchestrator::test {

/// The lines that a page wrote by console.`method`, from a studio's log.
inline std::string console_lines(const std::string& log, std::string_view method) {
  const std::string mark = "page: console." + std::string(method) + ": ";
  std::string lines;
  std::istringstream input(log);
  for (std::string line; std::getline(input, line);) {
    if (line.starts_with(mark)) lines += line.substr(mark.size()) + "\n";
  }
  return lines;
}

}  // namespace orchestrator::test
