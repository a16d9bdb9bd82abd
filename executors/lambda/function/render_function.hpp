#pragma once

#include "lambda/function/cloud_log.hpp"
#include "lambda/function/composition_source.hpp"
#include "lambda/function/job_supervisor.hpp"
#include "lambda/function/response_lines.hpp"
#include "lambda/function/runtime_client.hpp"
#include "lambda/function/settings.hpp"
#include "lambda/messages/function_answer.hpp"
#include "worker/chunk_renderer.hpp"

#include <orchestrator/worker/guarded_dir.hpp>
#include <orchestrator/worker/messages.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

namespace orchestrator::lambda {

/// Answers the invocations of an execution environment, one at a time, with a browser that stays warm in between.
class RenderFunction {
 public:
  /// `folder` is for chunks, copies of the composition's files, and the browser.
  RenderFunction(boost::asio::any_io_executor executor, Settings settings, GuardedDir folder);

  /// Answers invocations until the Runtime API fails or stop() is called.
  boost::asio::awaitable<void> run();
  /// Ends the running job. The caller has to cancel run(), too.
  void stop();

 private:
  boost::asio::awaitable<void> answer(RuntimeInvocation invocation);
  boost::asio::awaitable<Result<FunctionAnswer>> render(const RuntimeInvocation& invocation);
  boost::asio::awaitable<Result<FunctionAnswer>> render_event(std::string text);
  boost::asio::awaitable<Result<InvocationEvent>> read_event(std::string text);
  boost::asio::awaitable<Result<FunctionAnswer>> do_event(InvocationEvent event, FileSource source);
  boost::asio::awaitable<Result<FunctionAnswer>> render_and_store(InvocationEvent event, FileSource source);
  boost::asio::awaitable<Result<FileSource>> prepare_source(InvocationEvent& event);
  boost::asio::awaitable<void> watch_marker(InvocationEvent event);
  void watch_invocation(JobSupervisor& supervisor, const RuntimeInvocation& invocation);
  void watch_job(JobSupervisor& supervisor, const InvocationEvent& event);
  void watch_memory(JobSupervisor& supervisor);
  std::string progress_text() const;
  Error out_of_memory(std::int64_t used_mb) const;
  Error out_of_time(const std::string& whose) const;
  void report(std::int64_t captured, std::int64_t encoded);
  void log(LogLevel level, std::string_view text);
  void remove_chunks() const;

  boost::asio::any_io_executor executor_;
  Settings settings_;
  GuardedDir folder_;
  CloudLog log_{};
  RuntimeClient runtime_;
  aws::HttpClient http_;
  aws::CredentialSource credentials_;
  std::shared_ptr<FunctionStore> store_{};
  CompositionSource composition_;
  ChunkRenderer renderer_;
  ResponseLines* lines_{nullptr};       ///< of the running invocation
  JobSupervisor* supervisor_{nullptr};  ///< of the running job
  std::int64_t frames_{0};              ///< of the running job; 0: not known yet
  std::int64_t encoded_{0};
  std::chrono::steady_clock::time_point last_report_{};
  bool stopping_{false};
};

}  // namespace orchestrator::lambda
