#include <orchestrator/worker/worker_session.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include "session/conversation.hpp"

#include <utility>

namespace orchestrator {

namespace asio = boost::asio;

WorkerSession::WorkerSession(asio::any_io_executor executor, UniqueFd input, UniqueFd output, SessionOptions options)
    : conversation_(
          std::make_unique<Conversation>(std::move(executor), std::move(input), std::move(output), std::move(options))) {}
WorkerSession::WorkerSession(WorkerSession&&) noexcept = default;
WorkerSession& WorkerSession::operator=(WorkerSession&&) noexcept = default;
WorkerSession::~WorkerSession() = default;

asio::awaitable<Result<void>> WorkerSession::start() { return conversation_->start(); }
asio::awaitable<Result<ChunkResult>> WorkerSession::run(const ChunkJob& job, ChunkContext& context) {
  return conversation_->run(job, context);
}
asio::awaitable<Result<CompositionDescription>> WorkerSession::describe(const DescribeJob& job, ChunkContext& context) {
  return conversation_->describe(job, context);
}
void WorkerSession::hang_up() { conversation_->hang_up(); }
bool WorkerSession::usable() const noexcept { return conversation_->usable(); }
int WorkerSession::slots() const noexcept { return conversation_->slots(); }
const std::string& WorkerSession::name() const noexcept { return conversation_->name(); }

}  // namespace orchestrator
