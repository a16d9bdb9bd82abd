#pragma once

#include <chrono>
#include <string>
#include <string_view>

namespace orchestrator::lambda {

/// A log entry as one line of JSON, without the line's end. CloudWatch Logs Insights finds the fields of such a line by itself.
/// Pure; bytes that are not UTF-8 become '?'.
std::string log_line(std::chrono::system_clock::time_point time, std::string_view level, std::string_view request_id,
                     std::string_view message);

/// The function's log: stderr, a line for each event.
class CloudLog {
 public:
  /// The lines that follow belong to this invocation; "": to none.
  void enter_request(std::string request_id) { request_id_ = std::move(request_id); }
  /// `level` is "debug", "info", "warning" or "error".
  void write(std::string_view level, std::string_view message) const;

 private:
  std::string request_id_{};
};

}  // namespace orchestrator::lambda
