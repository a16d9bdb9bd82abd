#pragma once

#include "lambda/messages/invocation_event.hpp"

#include <orchestrator/worker/messages.hpp>
#include "support/lambda_caller.hpp"

#include <cstdlib>
#include <sstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace orchestrator::test {

/// The real function, a process for each environment. With the browser of the test (no_browser.cpp). Without an X server, as in
/// Lambda.
inline LambdaFunction render_function(bool streams = true) {
  LambdaFunction function{.command = {ORCHESTRATOR_LAMBDA}, .streams = streams};
  function.environment.emplace_back("ORCHESTRATOR_XVFB", "/opt/none/Xvfb");
  function.environment.emplace_back("ORCHESTRATOR_CONFORMANCE", "");  // AWS's process, not one of the executor under test
  for (const char* variable : {"ORCHESTRATOR_CHROMIUM", "ORCHESTRATOR_HEADLESS_SHELL"}) {
    if (const char* chosen = std::getenv(variable)) function.environment.emplace_back(variable, chosen);
  }
  return function;
}

/// What the function answered to one invocation.
struct FunctionAnswer {
  std::vector<protocol::Message> messages{};
  std::string end{};  ///< the JSON of InvokeComplete

  const protocol::Done* done() const { return messages.empty() ? nullptr : std::get_if<protocol::Done>(&messages.back()); }
  /// The error that ends the answer; throws if there is none.
  const Error& error() const { return std::get<protocol::Failed>(messages.at(messages.size() - 1)).error; }
  /// Everything in words, for INFO.
  std::string text() const {
    std::string all = end;
    for (const auto& message : messages) all += "\n" + protocol::to_json(message);
    return all;
  }
};

/// The messages that `text` holds, one a line. Throws if a line is no message.
inline std::vector<protocol::Message> parse_lines(const std::string& text) {
  std::vector<protocol::Message> messages;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) messages.push_back(protocol::parse_message(line).value());
  return messages;
}

inline FunctionAnswer run_function(const LambdaCaller& caller, const std::string& event) {
  const LambdaAnswer answer = caller.stream(event);
  return {.messages = parse_lines(stream_payload(answer)), .end = stream_end(answer)};
}

/// A job of ten tiny frames of the page at `composition`.
inline lambda::InvocationEvent tiny_event(const std::string& composition) {
  lambda::InvocationEvent event{.store = {"us-east-1", "http://127.0.0.1:9", true, "chunks"}};
  event.job.render = std::string(32, '0');
  event.job.frames = {0, 10};
  event.job.composition = composition;
  event.job.video = {.width = 64, .height = 36, .fps = {30, 1}, .preset = "ultrafast"};
  event.result = "farm/renders/0/chunk-0.mp4";
  event.cancel_poll = std::chrono::milliseconds(100);
  return event;
}

}  // namespace orchestrator::test
