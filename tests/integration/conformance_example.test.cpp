// The executors that docs/executors.md shows keep the contract.
#include "support/conforms.hpp"
#include "support/environment.hpp"
#include "support/temp_dir.hpp"

// The examples as they stand.
#define main custom_main
#include "../../examples/custom_executor.cpp"
#undef main
#define main command_main
#include "../../examples/command_executor.cpp"
#undef main

namespace {

void check_example(const std::function<std::unique_ptr<RenderExecutor>()>& make) {
  const orchestrator::test::TempDir folder;
  const orchestrator::test::Environment worker("ORCHESTRATOR_WORKER", ORCHESTRATOR_TOOL);
  orchestrator::test::check_conforms({.make = make, .folder = folder.path()}, {"no slots"});
}

}  // namespace

TEST_CASE("conformance: the executor of examples/custom_executor.cpp", "[local]") {
  check_example([] { return std::make_unique<LedgerExecutor>(); });
  static_cast<void>(&custom_main);
}

TEST_CASE("conformance: the executor of examples/command_executor.cpp, behind a shell", "[local]") {
  const std::vector<std::string> command{"/bin/sh", "-c", "exec \"$ORCHESTRATOR_WORKER\" worker"};
  check_example([command] { return std::make_unique<CommandExecutor>(command); });
  static_cast<void>(&command_main);
}
