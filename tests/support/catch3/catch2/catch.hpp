#pragma once

// Catch2 3 has no such header. This one gives its names as in version 2, so that the tests compile with either.
#include <catch2/catch_all.hpp>

using Catch::Approx;
