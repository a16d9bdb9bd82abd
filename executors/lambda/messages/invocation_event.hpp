#pragma once

#include <orchestrator/chunk.hpp>
#include <orchestrator/error.hpp>

#include <chrono>
#include <string>
#include <string_view>

namespace orchestrator::lambda {

inline constexpr int event_protocol = 6;

/// Where the objects are. It travels with every event, so that a function needs no settings of its own.
struct StorePlace {
  std::string region{};
  std::string endpoint{};  ///< "https://minio.example:9000"; empty: AWS
  bool path_style{false};
  std::string bucket{};
};

/// One invocation (docs/lambda-function.md). Keys include the prefix.
struct InvocationEvent {
  StorePlace store{};
  std::string job_at{};    ///< key of an object that holds the whole event, which was too large for an invocation
  ChunkJob job{};          ///< used if job_at is empty; its `output` is ignored
  bool describes{false};   ///< the page is only looked at: the job has no frames, and `result` is empty
  std::string manifest{};  ///< key of the composition's manifest; empty: the composition is a URL
  std::string result{};    ///< key for the chunk's file
  std::string cancel{};    ///< key of the cancel marker, which ends this job when it appears; empty: none will
  std::chrono::milliseconds cancel_poll{1'000};
  std::chrono::milliseconds time_limit{
      900'000};  ///< the job ends as failed then, if the function's own limit does not come first
};

/// Whether `url` can be an endpoint: an origin, http(s)://HOST[:PORT], without user name or password, and without a path, which
/// would not be signed. Slashes at its end are no path.
bool is_endpoint(std::string_view url);

std::string to_json(const InvocationEvent& event);
/// Errors: Errc::invalid_options, naming the field.
Result<InvocationEvent> parse_event(std::string_view json);

}  // namespace orchestrator::lambda
