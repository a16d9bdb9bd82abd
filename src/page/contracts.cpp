#include "page/contracts.hpp"

#include <array>
#include <utility>

namespace orchestrator {

namespace {

/// Each has a file contract_*.js in src/page/runtime.
constexpr std::array<std::pair<std::string_view, ContractTraits>, 6> contracts{{
    {"renderFrame", {.order = FrameOrder::any}},
    {"Remotion", {.order = FrameOrder::any}},
    {"Motion Canvas", {.order = FrameOrder::forward}},
    {"Revideo", {.order = FrameOrder::forward}},
    {"Helios", {.order = FrameOrder::forward}},
    {"virtual clock", {.order = FrameOrder::forward}},
}};

}  // namespace

std::optional<ContractTraits> traits_of_contract(std::string_view name) {
  for (const auto& [known, traits] : contracts) {
    if (known == name) return traits;
  }
  return std::nullopt;
}

}  // namespace orchestrator
