// Renders with workers that any command connects to, and shows all that an executor on the kit needs:
//   command_executor COMPOSITION OUTPUT docker exec -i renderer orchestrator worker
//   command_executor COMPOSITION OUTPUT kubectl exec -i renderer-0 -- orchestrator worker
#include <orchestrator/orchestrator.hpp>
#include <orchestrator/worker/worker_pool.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstdio>

namespace {

using namespace orchestrator;

class CommandExecutor final : public RenderExecutor {
 public:
  explicit CommandExecutor(std::vector<std::string> command)
      : workers_({.command = std::move(command),    // started once a slot, as a process with its arguments: no shell
                  .slots = 0,                       // as many as the first worker says that its machine renders well
                  .session = {.remote = true}}) {}  // the composition and the chunks travel through the command's streams

  Awaitable<Result<void>> prepare() override { return workers_.prepare(); }
  ExecutorCapabilities capabilities() const override { return workers_.capabilities(); }
  Awaitable<Result<ChunkResult>> render_chunk(ChunkJob job, ChunkContext& context) override {
    return workers_.render_chunk(std::move(job), context);
  }
  Awaitable<Result<CompositionDescription>> describe(DescribeJob job, ChunkContext& context) override {
    return workers_.describe(std::move(job), context);
  }

 private:
  WorkerPool workers_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fprintf(stderr, "usage: command_executor COMPOSITION OUTPUT COMMAND [ARGUMENT...]\n");
    return 64;
  }
  CommandExecutor executor({argv + 3, argv + argc});
  RenderOrchestrator orchestrator(executor);
  const auto result = orchestrator.render({.composition = argv[1],
                                           .output = argv[2],
                                           .video = {.width = 640, .height = 360, .preset = "veryfast"},
                                           .frames = {0, 60},
                                           .chunking = {.chunks = 3},
                                           .overwrite = true});
  if (!result) std::fprintf(stderr, "%s\n", result.error().message().c_str());
  return result ? 0 : 1;
}
