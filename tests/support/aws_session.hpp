#pragma once

#include "lambda/aws/credential_source.hpp"
#include "lambda/aws/retry.hpp"
#include "support/await.hpp"

#include <cstdlib>
#include <map>
#include <string>

namespace orchestrator::test {

/// What every client of AWS needs, with fixed keys unless told otherwise.
struct AwsSession {
  explicit AwsSession(aws::CredentialOptions options = {.keys = {"AKID", "SECRET", ""}})
      : credential_options(std::move(options)) {}
  aws::CredentialOptions credential_options;
  boost::asio::io_context context{1};
  aws::HttpClient http{context.get_executor()};
  std::chrono::seconds later{0};  ///< by how much the credentials' clock is ahead of this machine's
  aws::CredentialSource credentials{context.get_executor(), http, credential_options,
                                    [this] { return std::chrono::system_clock::now() + later; }};
  aws::RetryBudget budget{};
  template <class T>
  T run(boost::asio::awaitable<T> work) {
    return await(context, std::move(work));
  }
};

/// Replaces this process's AWS_* variables and HOME for as long as this object lives. Others of the kind are unset.
class AwsVariables {
 public:
  explicit AwsVariables(const aws::Environment& values) : before_(aws::aws_environment()) { replace(before_, values); }
  ~AwsVariables() { replace(aws::aws_environment(), before_); }
  AwsVariables(const AwsVariables&) = delete;
  AwsVariables& operator=(const AwsVariables&) = delete;

 private:
  static void replace(const aws::Environment& old, const aws::Environment& values) {
    for (const auto& [name, value] : old) ::unsetenv(name.c_str());
    for (const auto& [name, value] : values) ::setenv(name.c_str(), value.c_str(), 1);
  }
  aws::Environment before_;
};

}  // namespace orchestrator::test
