#include "lambda/function/cloud_log.hpp"

#include "base/text_tail.hpp"

#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <unistd.h>

#include <ctime>

namespace orchestrator::lambda {

namespace {

/// RFC 3339 in UTC with milliseconds.
std::string timestamp(std::chrono::system_clock::time_point time) {
  const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(time.time_since_epoch()).count();
  const std::time_t seconds = milliseconds / 1000;
  std::tm parts{};
  ::gmtime_r(&seconds, &parts);
  char text[64];
  const std::size_t size = std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S", &parts);
  const std::string fraction = std::to_string(1000 + milliseconds % 1000).substr(1);
  return std::string(text, size) + "." + fraction + "Z";
}

}  // namespace

std::string log_line(std::chrono::system_clock::time_point time, std::string_view level, std::string_view request_id,
                     std::string_view message) {
  boost::json::object line{{"time", timestamp(time)}, {"level", level}};
  if (!request_id.empty()) line["request_id"] = request_id;
  line["message"] = valid_utf8(message);
  return boost::json::serialize(line);
}

void CloudLog::write(std::string_view level, std::string_view message) const {
  const std::string line = log_line(std::chrono::system_clock::now(), level, request_id_, message) + "\n";
  // Written in one piece, so that no line of another process comes in between. A log that cannot be written is no reason to fail.
  [[maybe_unused]] const auto written = ::write(STDERR_FILENO, line.data(), line.size());
}

}  // namespace orchestrator::lambda
