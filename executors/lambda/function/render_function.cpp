#include "lambda/function/render_function.hpp"

#include "lambda/function/memory_use.hpp"
#include "media/output_format.hpp"
#include "media/validate_video.hpp"

#include <orchestrator/worker/cancellation.hpp>
#include <orchestrator/worker/composition.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/this_coro.hpp>

#include <unistd.h>

namespace orchestrator::lambda {

namespace asio = boost::asio;
namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

namespace {

// The worker has the same intervals (src/worker/worker.cpp).
constexpr std::chrono::milliseconds progress_interval{100};
constexpr std::chrono::milliseconds heartbeat_interval{2'000};
// A job ends this long before its deadline: time to end the encoder and to answer, on the slowest function that renders (one
// sixth of a core).
constexpr std::chrono::milliseconds deadline_margin{2'000};

// Lambda kills a function that exceeds its memory. Four looks a second see this coming in time at a growth of up to 400 MB/s in a
// function of 2,048 MB.
constexpr std::int64_t memory_share_percent = 95;
constexpr std::chrono::milliseconds memory_interval{250};
constexpr std::int64_t bytes_per_mb = std::int64_t{1} << 20;  // Lambda's MB

Error cancellation(std::string why) { return Error{.code = Errc::cancelled, .detail = std::move(why), .stage = Stage::capture}; }

/// The browser has no sandbox of its own: the function's microVM is one, and has no user namespaces to make another. Pages must
/// not reach the Runtime API, which listens on loopback without authentication: a page could take an invocation from it. Loopback
/// has countless names (0.0.0.0, x.localhost, any name in the page's own DNS), so the API's port is closed for every host.
BrowserPlace browser_place(const std::string& runtime_api) {
  return {.sandbox = false, .unreachable_hosts = "MAP *" + runtime_api.substr(runtime_api.rfind(':')) + " ~NOTFOUND"};
}

/// Lets a pointer point to an object for as long as this guard lives.
template <class T>
class Found {
 public:
  Found(T*& place, T& object) : place_(place) { place_ = &object; }
  ~Found() { place_ = nullptr; }
  Found(const Found&) = delete;
  Found& operator=(const Found&) = delete;

 private:
  T*& place_;
};

protocol::Message last_message(const Result<FunctionAnswer>& answer) {
  if (!answer) return protocol::Failed{answer.error()};
  return std::visit([](const auto& message) { return protocol::Message(message); }, *answer);
}

std::string_view name_of(LogLevel level) {
  constexpr std::string_view names[]{"debug", "info", "warning"};
  return names[static_cast<std::size_t>(level)];
}

}  // namespace

RenderFunction::RenderFunction(asio::any_io_executor executor, Settings settings, GuardedDir folder)
    : executor_(executor),
      settings_(std::move(settings)),
      folder_(std::move(folder)),
      runtime_(executor, settings_.runtime_api),
      http_(executor),
      credentials_(executor, http_, {.keys = settings_.credentials}),
      composition_(executor, folder_.path() / "files"),
      renderer_(ChunkReports{[this](std::int64_t captured, std::int64_t encoded) { report(captured, encoded); },
                             [this](LogLevel level, std::string_view text) { log(level, text); }},
                browser_place(settings_.runtime_api)) {}

asio::awaitable<void> RenderFunction::run() {
  co_await asio::this_coro::throw_if_cancelled(false);
  while (!stopping_) {
    auto invocation = co_await runtime_.next();
    if (!invocation) {
      if (!stopping_) log_.write("error", invocation.error().detail);
      break;
    }
    log_.enter_request(invocation->request_id);
    co_await answer(std::move(*invocation));
    remove_chunks();
    log_.enter_request("");
  }
  co_await renderer_.stop();
}

void RenderFunction::stop() {
  stopping_ = true;
  if (supervisor_ != nullptr) supervisor_->stop(cancellation("the execution environment is being shut down"));
}

asio::awaitable<void> RenderFunction::answer(RuntimeInvocation invocation) {
  auto stream = co_await runtime_.respond(invocation);
  if (!stream) co_return log_.write("error", stream.error().detail);
  ResponseLines lines(executor_, std::move(*stream), [this](Error broken) {
    if (supervisor_ != nullptr) supervisor_->stop(std::move(broken));
  });
  lines_ = &lines;
  std::exception_ptr thrown;
  try {
    auto done = co_await render(invocation);
    if (!done) log_.write(done.error().code == Errc::cancelled ? "info" : "error", done.error().message());
    lines.send(last_message(done));
  } catch (...) {
    thrown = std::current_exception();
  }
  lines_ = nullptr;
  // An exception is a defect. It is no result of the job, but a failure of the function, which the platform counts and may alarm
  // for.
  FunctionFailure defect{.type = "Function.Exception", .message = "the function threw an exception"};
  Result<void> accepted;
  if (thrown) {
    accepted = co_await lines.fail(std::move(defect));
  } else {
    accepted = co_await lines.finish();
  }
  if (!accepted) log_.write("warning", accepted.error().detail);
  if (thrown) std::rethrow_exception(thrown);  // this ends the process, which is not trusted with another invocation
}

asio::awaitable<Result<FunctionAnswer>> RenderFunction::render(const RuntimeInvocation& invocation) {
  frames_ = encoded_ = 0;
  last_report_ = {};
  JobSupervisor supervisor(executor_);
  const Found found(supervisor_, supervisor);
  watch_invocation(supervisor, invocation);
  auto job = render_event(invocation.event);
  co_return co_await supervisor.run(std::move(job));
}

/// Reads the event as a part of the job, which can be stopped: reading may take long if the event is in the bucket.
asio::awaitable<Result<FunctionAnswer>> RenderFunction::render_event(std::string text) {
  co_await asio::this_coro::throw_if_cancelled(false);
  auto event = co_await read_event(std::move(text));
  if (!event) co_return event.error();
  const bool cancelled = co_await is_cancelled();
  if (cancelled) co_return cancellation("cancelled");
  frames_ = event->job.frames.count();
  watch_job(*supervisor_, *event);
  auto source = co_await prepare_source(*event);
  if (!source) co_return source.error();
  const bool from_store = static_cast<bool>(*source);
  auto answer = co_await do_event(std::move(*event), std::move(*source));
  const bool store_failed = !answer && from_store && composition_.failure() && answer.error().code != Errc::cancelled;
  if (store_failed) co_return *composition_.failure();
  co_return answer;
}

asio::awaitable<Result<InvocationEvent>> RenderFunction::read_event(std::string text) {
  auto event = parse_event(text);
  if (!event) co_return event.error();
  store_ = std::make_shared<FunctionStore>(http_, credentials_, event->store);
  if (event->job_at.empty()) co_return event;
  auto whole = co_await store_->read(event->job_at);
  if (!whole) co_return whole.error();
  event = parse_event(*whole);
  if (event && !event->job_at.empty()) {
    co_return Error{.code = Errc::invalid_options, .detail = "event.job_at leads to another job_at", .stage = Stage::start};
  }
  co_return event;
}

void RenderFunction::watch_invocation(JobSupervisor& supervisor, const RuntimeInvocation& invocation) {
  supervisor.watch(call_every(heartbeat_interval, [this] { lines_->send(protocol::Heartbeat{}); }));
  const std::string whose = "function " + settings_.function_name;
  supervisor.watch(
      call_at(invocation.deadline - deadline_margin, [this, &supervisor, whose] { supervisor.stop(out_of_time(whose)); }));
}

void RenderFunction::watch_job(JobSupervisor& supervisor, const InvocationEvent& event) {
  const auto limit = std::chrono::system_clock::now() + event.time_limit;
  supervisor.watch(call_at(limit, [this, &supervisor] { supervisor.stop(out_of_time("job")); }));
  if (settings_.memory_mb > 0) watch_memory(supervisor);
  if (!event.cancel.empty()) supervisor.watch(watch_marker(event));
}

void RenderFunction::watch_memory(JobSupervisor& supervisor) {
  const std::int64_t limit = settings_.memory_mb * bytes_per_mb * memory_share_percent / 100;
  supervisor.watch(call_every(memory_interval, [this, &supervisor, limit] {
    const auto used = memory_beyond(limit, ::getpid());
    if (used) supervisor.stop(out_of_memory(*used / bytes_per_mb));
  }));
}

std::string RenderFunction::progress_text() const {
  if (frames_ == 0) return "before the event was read from the bucket";
  return "with " + std::to_string(encoded_) + " of " + std::to_string(frames_) + " frames encoded";
}

Error RenderFunction::out_of_memory(std::int64_t used_mb) const {
  return Error{.code = Errc::executor_unavailable,
               .detail = "the function " + settings_.function_name + " used " + std::to_string(used_mb) + " of its " +
                         std::to_string(settings_.memory_mb) + " MB of memory " + progress_text() + "; raise its memory size",
               .stage = Stage::capture};
}

Error RenderFunction::out_of_time(const std::string& whose) const {
  return Error{.code = Errc::executor_unavailable,
               .detail = "the time limit of the " + whose + " was reached " + progress_text() +
                         "; give it a longer timeout (at most 900 s) or more memory, or make chunks shorter",
               .stage = Stage::capture};
}

asio::awaitable<void> RenderFunction::watch_marker(InvocationEvent event) {
  co_await asio::this_coro::throw_if_cancelled(false);
  bool told = false;
  for (;;) {
    auto there = co_await store_->poll(event.cancel);
    if (there && *there) co_return supervisor_->stop(cancellation("cancelled: " + event.cancel + " is there"));
    const bool cancelled = co_await is_cancelled();
    if (cancelled) co_return;  // that the request was cut short is no news then
    if (!there && !told) {
      log(LogLevel::warning, "a cancellation would not be seen: " + there.error().detail);
      told = true;
    }
    const bool waited = co_await pause(event.cancel_poll);
    if (!waited) co_return;
  }
}

asio::awaitable<Result<FileSource>> RenderFunction::prepare_source(InvocationEvent& event) {
  if (event.manifest.empty()) co_return FileSource{};
  auto document = co_await composition_.enter(store_, event.manifest);
  if (!document) co_return document.error();
  // The path on the caller's machine, for messages.
  event.job.composition = (composition_root(event.job.composition) / *document).string();
  co_return FileSource([this](std::string target) { return composition_.find(std::move(target)); });
}

asio::awaitable<Result<FunctionAnswer>> RenderFunction::do_event(InvocationEvent event, FileSource source) {
  co_await asio::this_coro::throw_if_cancelled(false);
  if (auto valid = validate_video(event.job.video); !valid) co_return valid.error();  // the caller may know other codecs
  if (!event.describes) co_return co_await render_and_store(std::move(event), std::move(source));
  auto description = co_await renderer_.describe(std::move(event.job), std::move(source));
  if (!description) co_return description.error();
  co_return protocol::Described{std::move(*description)};
}

asio::awaitable<Result<FunctionAnswer>> RenderFunction::render_and_store(InvocationEvent event, FileSource source) {
  co_await asio::this_coro::throw_if_cancelled(false);
  const Container& container = chunk_format(event.job.video).container;
  event.job.output = folder_.path() / ("chunk" + std::string(container.extension));
  auto result = co_await renderer_.render(std::move(event.job), std::move(source));
  if (!result) co_return result.error();
  if (lines_ != nullptr) lines_->send(protocol::ChunkProgress{result->frames, result->frames});
  auto digest = co_await digest_file(result->file);
  if (!digest) co_return digest.error();
  auto stored = co_await store_->put_once(event.result, result->file, container, std::move(*digest));
  if (!stored) co_return stored.error();
  log_.write("info", "stored " + event.result + ", " + std::to_string(result->frames) + " frames, " + result->capture);
  result->file = event.result;
  co_return protocol::Done{std::move(*result), std::move(*stored)};
}

void RenderFunction::report(std::int64_t captured, std::int64_t encoded) {
  encoded_ = encoded;
  const auto now = Clock::now();
  if (now - last_report_ < progress_interval || lines_ == nullptr) return;
  last_report_ = now;
  lines_->send(protocol::ChunkProgress{captured, encoded});
}

void RenderFunction::log(LogLevel level, std::string_view text) {
  log_.write(name_of(level), text);
  if (lines_ != nullptr) lines_->send(protocol::Log{level, std::string(text)});
}

void RenderFunction::remove_chunks() const {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(folder_.path(), ignored)) {
    if (entry.is_regular_file(ignored)) fs::remove(entry.path(), ignored);
  }
}

}  // namespace orchestrator::lambda
