#pragma once

#include <filesystem>
#include <string>

namespace orchestrator {
inline namespace v0 {
namespace testing {

// The suite's own pages, written to `folder`. They draw the pictures of fake_picture.hpp.

std::string numbers_page(const std::filesystem::path& folder);
/// Throws at frames from `frame` on.
std::string failing_page(const std::filesystem::path& folder, int frame);
/// Calculates for a good while in each frame.
std::string slow_page(const std::filesystem::path& folder);

}  // namespace testing
}  // namespace v0
}  // namespace orchestrator
