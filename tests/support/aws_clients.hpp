#pragma once

#include "support/lambda_emulator.hpp"
#include "support/run_tool.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <filesystem>
#include <iostream>
#include <string>

namespace orchestrator::test {

/// A file in the folder into which install.sh has put the files of tests/aws_clients and the packages of AWS's own clients.
inline std::string aws_client_file(const std::string& name) { return std::string(ORCHESTRATOR_AWS_CLIENTS) + "/" + name; }

/// False, with a message, where they could not be installed.
inline bool have_aws_clients() {
  const bool installed = std::filesystem::exists(aws_client_file("installed"));
  if (!installed) std::cout << "skipped: AWS's own clients are not installed; the test \"install AWS's clients\" says why\n";
  return installed;
}

/// A caller that uses AWS's SDK for JavaScript (sdk_caller.mjs). A call returns what the SDK saw of it:
/// attempts, version, text, function_error or end {code, details}, and error {name, message, reason, retry_after, status}.
class SdkCaller {
 public:
  explicit SdkCaller(const LambdaEmulator& emulator, LambdaAccount account = {})
      : endpoint_(emulator.endpoint()), account_(std::move(account)) {}

  boost::json::object whole(const std::string& event, const std::string& function = "render") const {
    return call("whole", event, function);
  }
  boost::json::object stream(const std::string& event, const std::string& function = "render") const {
    return call("stream", event, function);
  }
  void attempts(int most) { attempts_ = most; }

 private:
  boost::json::object call(const std::string& way, const std::string& event, const std::string& function) const {
    SpawnOptions options{.argv = {"node", aws_client_file("sdk_caller.mjs"), way, function, event},
                         .environment = {{"AWS_ENDPOINT_URL", endpoint_},
                                         {"AWS_REGION", account_.region},
                                         {"AWS_ACCESS_KEY_ID", account_.access_key_id},
                                         {"AWS_SECRET_ACCESS_KEY", account_.secret_access_key},
                                         {"AWS_SESSION_TOKEN", account_.session_token},
                                         {"AWS_MAX_ATTEMPTS", std::to_string(attempts_)},
                                         {"AWS_CONFIG_FILE", "/dev/null"},
                                         {"AWS_SHARED_CREDENTIALS_FILE", "/dev/null"}}};
    return boost::json::parse(run_tool(std::move(options))).as_object();
  }

  std::string endpoint_;
  LambdaAccount account_;
  int attempts_{1};
};

}  // namespace orchestrator::test
