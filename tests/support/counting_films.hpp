#pragma once

#include <filesystem>
#include <string>

namespace orchestrator::test {

/// Makes the films and the sound that pages of tests/pages name in `text`, in `folder`. Each frame of a film (128x16) shows its
/// number: eight cells of 16 px, lowest bit first, white for 1.
void make_counting_films(const std::string& text, const std::filesystem::path& folder);

}  // namespace orchestrator::test
