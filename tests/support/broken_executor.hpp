#pragma once

#include <orchestrator/testing/fake_executor.hpp>

#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

namespace orchestrator::test {

namespace asio = boost::asio;

/// A FakeExecutor with something broken: each call that is set here replaces the one of `inner`.
class BrokenExecutor final : public RenderExecutor {
 public:
  struct Defect {
    std::function<asio::awaitable<Result<void>>(BrokenExecutor&)> prepare{};
    std::function<ExecutorCapabilities(const BrokenExecutor&)> capabilities{};
    std::function<asio::awaitable<Result<ChunkResult>>(BrokenExecutor&, ChunkJob, ChunkContext&)> render{};
    std::function<asio::awaitable<Result<CompositionDescription>>(BrokenExecutor&, DescribeJob, ChunkContext&)> describe{};
    std::function<void(BrokenExecutor&)> end{};
  };
  BrokenExecutor(testing::FakeExecutorOptions options, Defect defect) : inner(std::move(options)), defect_(std::move(defect)) {}
  ~BrokenExecutor() override {
    if (defect_.end) defect_.end(*this);
  }

  asio::awaitable<Result<void>> prepare() override {
    ++prepared;
    return defect_.prepare ? defect_.prepare(*this) : inner.prepare();
  }
  ExecutorCapabilities capabilities() const override {
    return defect_.capabilities ? defect_.capabilities(*this) : inner.capabilities();
  }
  asio::awaitable<Result<ChunkResult>> render_chunk(ChunkJob job, ChunkContext& context) override {
    return defect_.render ? defect_.render(*this, std::move(job), context) : inner.render_chunk(std::move(job), context);
  }

  asio::awaitable<Result<CompositionDescription>> describe(DescribeJob job, ChunkContext& context) override {
    return defect_.describe ? defect_.describe(*this, std::move(job), context) : inner.describe(std::move(job), context);
  }

  testing::FakeExecutor inner;
  std::atomic<int> prepared{0};
  std::atomic<bool> worn_out{false};    ///< for defects that last
  std::vector<std::jthread> threads{};  ///< the last member: they use all others

 private:
  Defect defect_;
};

/// A ChunkContext that tells another what `change` makes of the progress.
class ChangedContext final : public ChunkContext {
 public:
  using Change = std::function<void(ChunkContext&, std::int64_t captured, std::int64_t encoded)>;
  ChangedContext(ChunkContext& target, Change change) : target_(target), change_(std::move(change)) {}
  void progress(std::int64_t captured, std::int64_t encoded) override { change_(target_, captured, encoded); }
  void log(LogLevel level, std::string_view text) override { target_.log(level, text); }

 private:
  ChunkContext& target_;
  Change change_;
};

}  // namespace orchestrator::test
