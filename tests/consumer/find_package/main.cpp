#include <orchestrator/executors/lambda_executor.hpp>
#include <orchestrator/executors/local_executor.hpp>
#include <orchestrator/executors/slurm_executor.hpp>
#include <orchestrator/executors/ssh_executor.hpp>
#include <orchestrator/orchestrator.hpp>
#include <orchestrator/testing/fake_executor.hpp>

#include <cstdio>

int main() {
  using namespace orchestrator;
  const auto plan = RenderOrchestrator::plan(
      {.composition = "scene/index.html", .output = "out.mp4", .frames = {0, 900}, .chunking = {.chunks = 3}});
  if (!plan || plan->chunks.size() != 3) return 1;
  RenderOrchestrator orchestrator;  // links the local executor's default
  SshExecutor farm({.hosts = {{.host = "node1", .slots = 2}}});
  const SlurmExecutor cluster({.workers = 16});
  if (cluster.capabilities().most_slots != 16) return 3;
  LambdaExecutor cloud({.function = "render", .bucket = "renders", .region = "eu-west-1"});
  RenderOrchestrator in_the_cloud(cloud);
  if (cloud.capabilities().slots != 100 || cloud.usage().invocations != 0) return 2;
  const testing::FakeExecutor fake({.slots = 3});
  if (fake.capabilities().slots != 3) return 3;
  std::printf("%s\n", to_json(*plan).c_str());
}
