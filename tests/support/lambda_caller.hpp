#pragma once

#include "support/lambda_emulator.hpp"

#include <boost/beast/http.hpp>

#include <string>
#include <utility>
#include <vector>

namespace orchestrator::test {

/// What came back from an emulated Lambda.
struct LambdaAnswer {
  unsigned status{0};
  boost::beast::http::fields headers{};
  std::string body{};
  bool broken{false};  ///< the connection ended before the response did
  std::string header(const char* name) const { return std::string(headers[name]); }
};

/// A caller that does exactly what it is told, one request a connection.
class LambdaCaller {
 public:
  explicit LambdaCaller(const LambdaEmulator& emulator, LambdaAccount account = {})
      : endpoint_(emulator.endpoint()), account_(std::move(account)) {}

  LambdaAnswer post(const std::string& path, const std::string& body,
                    const std::vector<std::pair<std::string, std::string>>& headers = {}) const;
  LambdaAnswer invoke(const std::string& event) const { return post("/2015-03-31/functions/render/invocations", event); }
  LambdaAnswer stream(const std::string& event) const {
    return post("/2021-11-15/functions/render/response-streaming-invocations", event);
  }

 private:
  std::string endpoint_;
  LambdaAccount account_;
};

/// The function's bytes out of a stream's events.
std::string stream_payload(const LambdaAnswer& answer);
/// The JSON of InvokeComplete; empty if the stream has none.
std::string stream_end(const LambdaAnswer& answer);

}  // namespace orchestrator::test
