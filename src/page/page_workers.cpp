// Gives each dedicated worker of the page, and each that a worker makes, the runtime before its script runs.
#include "cdp/cdp_fields.hpp"
#include "page/page.hpp"
#include "page/runtime.hpp"

#include <iomanip>
#include <random>
#include <sstream>

namespace orchestrator {

namespace {

constexpr const char* auto_attach = R"({"autoAttach":true,"waitForDebuggerOnStart":true,"flatten":true})";

}  // namespace

std::string make_secret() {
  std::random_device random;
  std::ostringstream token;
  token << std::hex;
  for (int word = 0; word < 4; ++word) token << std::setw(8) << std::setfill('0') << random();
  return token.str();
}

std::string worker_source(const std::string& config) { return "(" + std::string(worker_runtime_script()) + ")(" + config + ");"; }

boost::asio::awaitable<Result<void>> Page::watch_workers(std::string source, Deadline deadline) {
  worker_source_ = std::move(source);
  auto attached = co_await call("Target.setAutoAttach", auto_attach, deadline);
  if (!attached) co_return attached.error();
  co_return Result<void>{};
}

void Page::watch_targets_of(const std::string& session) {
  connection_.on_event(session, "Target.attachedToTarget", [this](std::string_view params) { prepare_worker(params); });
  connection_.on_event(session, "Target.detachedFromTarget", [this](std::string_view params) {
    const std::string gone = cdp_text(params, "/sessionId").value_or("");
    if (worker_sessions_.erase(gone) > 0) forget_worker(gone);
  });
}

/// While a worker waits for the debugger, its global object is incomplete: reading `location` then crashes the renderer. It is
/// complete right before the worker's script runs, where the instrumentation breakpoint stops the worker. (Both were tried.)
void Page::prepare_worker(std::string_view params) {
  const std::string session = cdp_text(params, "/sessionId").value_or("");
  const auto send = [&](const char* method, const char* arguments) {
    connection_.send(method, arguments, session, Deadline::clock::now() + chore_limit);
  };
  if (cdp_text(params, "/targetInfo/type") == "worker") {
    worker_sessions_.insert(session);
    watch_targets_of(session);
    connection_.on_event(session, "Debugger.paused", [this, session](std::string_view) { start_worker(session); });
    send("Debugger.enable", "{}");
    send("Debugger.setInstrumentationBreakpoint", R"({"instrumentation":"beforeScriptExecution"})");
    send("Target.setAutoAttach", auto_attach);
  }
  send("Runtime.runIfWaitingForDebugger", "{}");
}

void Page::start_worker(const std::string& session) {
  const Deadline deadline = Deadline::clock::now() + chore_limit;
  connection_.send("Runtime.evaluate", R"({"silent":true,"expression":)" + cdp_quote(worker_source_) + "}", session, deadline);
  connection_.send("Debugger.disable", "{}", session, deadline);  // the worker goes on
}

void Page::forget_worker(const std::string& session) {
  for (const char* method : {"Target.attachedToTarget", "Target.detachedFromTarget", "Debugger.paused"}) {
    connection_.on_event(session, method, [](std::string_view) {});
  }
}

}  // namespace orchestrator
