#pragma once

// Catch2 3 has no such header; with the names of version 2, the tests need not know which one is there.
#include <catch2/catch_all.hpp>

using Catch::Approx;
