#include <orchestrator/render_executor.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace orchestrator {

namespace asio = boost::asio;

asio::awaitable<Result<CompositionDescription>> RenderExecutor::describe(DescribeJob, ChunkContext&) {
  co_return Error{.code = Errc::executor_unavailable,
                  .detail = "this executor cannot look at compositions (ExecutorCapabilities::describes)",
                  .stage = Stage::start};
}

}  // namespace orchestrator
