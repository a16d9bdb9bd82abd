#pragma once

#include <orchestrator/render_executor.hpp>

#include <string>

namespace orchestrator::test {

/// A chunk's context that writes down what it is told: "3/2 hello ".
class Notes final : public ChunkContext {
 public:
  void progress(std::int64_t captured, std::int64_t encoded) override {
    text += std::to_string(captured) + "/" + std::to_string(encoded) + " ";
  }
  void log(LogLevel, std::string_view line) override { text += std::string(line) + " "; }
  std::string text{};
};

}  // namespace orchestrator::test
