// An executor of your own. This one wraps LocalExecutor and prints a ledger; yours may hand chunks to a farm.
//   custom_executor [COMPOSITION [OUTPUT]]
#include <orchestrator/executors/local_executor.hpp>
#include <orchestrator/orchestrator.hpp>

#include <boost/asio/awaitable.hpp>

#include <cstdio>
#include <utility>

namespace {

namespace asio = boost::asio;
using namespace orchestrator;

class LedgerExecutor final : public RenderExecutor {
 public:
  asio::awaitable<Result<void>> prepare() override { co_return co_await inner_.prepare(); }

  ExecutorCapabilities capabilities() const override { return inner_.capabilities(); }

  asio::awaitable<Result<ChunkResult>> render_chunk(ChunkJob job, ChunkContext& context) override {
    const int chunk = job.chunk;
    auto result = co_await inner_.render_chunk(std::move(job), context);
    if (result) {
      std::printf("chunk %d: %lld frames, %lld ms of capture by %s\n", chunk, static_cast<long long>(result->frames),
                  static_cast<long long>(result->timings.capture.count()), result->worker.c_str());
    }
    co_return result;
  }

  asio::awaitable<Result<CompositionDescription>> describe(DescribeJob job, ChunkContext& context) override {
    return inner_.describe(std::move(job), context);
  }

 private:
  LocalExecutor inner_{};
};

}  // namespace

int main(int argc, char** argv) {
  LedgerExecutor executor;
  RenderOrchestrator orchestrator(executor);
  const auto result = orchestrator.render({.composition = argc > 1 ? argv[1] : "examples/composition",
                                           .output = argc > 2 ? argv[2] : "out.mp4",
                                           .video = {.width = 640, .height = 360, .preset = "veryfast"},
                                           .frames = {0, 60},
                                           .chunking = {.chunks = 3},
                                           .overwrite = true});
  if (!result) std::fprintf(stderr, "%s\n", result.error().message().c_str());
  return result ? 0 : 1;
}
