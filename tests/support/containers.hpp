#pragma once

#include "media/output_format.hpp"

namespace orchestrator::test {

inline const Container& mp4 = *find_container("film.mp4");

}  // namespace orchestrator::test
