// The executor that docs/executors.md shows keeps the contract.
#include "support/conforms.hpp"
#include "support/environment.hpp"
#include "support/temp_dir.hpp"

#define main example_main  // the example as it stands
#include "../../examples/custom_executor.cpp"
#undef main

TEST_CASE("conformance: the executor of examples/custom_executor.cpp", "[local]") {
  const orchestrator::test::TempDir folder;
  const orchestrator::test::Environment worker("ORCHESTRATOR_WORKER", ORCHESTRATOR_TOOL);
  const auto make = [] { return std::make_unique<LedgerExecutor>(); };
  orchestrator::test::check_conforms({.make = make, .folder = folder.path()}, {"no slots"});
  static_cast<void>(&example_main);
}
