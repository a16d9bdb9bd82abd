// Linked into tests that are said to start no browser (tests/CMakeLists.txt): a browser that they start all
// the same is a program that fails, whether one is installed or not.
#include <cstdlib>

namespace {

const bool no_browser =
    ::setenv("ORCHESTRATOR_CHROMIUM", "/bin/false", 1) == 0 && ::setenv("ORCHESTRATOR_HEADLESS_SHELL", "/bin/false", 1) == 0;

}  // namespace
