// LambdaExecutor keeps the contract: our function in the emulator's environments, a real S3.
#include "support/conforms.hpp"
#include "support/lambda_account.hpp"

using namespace orchestrator;
using namespace orchestrator::test;

TEST_CASE("conformance: LambdaExecutor", "[lambda]") {
  if (!can_test()) return;
  const TempDir folder;
  Account account("conformance");
  const auto make = [&account] { return std::make_unique<LambdaExecutor>(account.options()); };
  const auto left_over = [&account] { return account.keys("orchestrator/renders/"); };
  check_conforms({.make = make, .folder = folder.path(), .left_over = left_over}, {"no slots"});
}
