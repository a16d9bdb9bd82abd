#pragma once

#include "support/lambda_emulator.hpp"
#include "support/lambda_http.hpp"

#include <optional>

namespace orchestrator::test {

/// AWS's answer to a request that is not signed as it must be; nothing if it is.
std::optional<LambdaReply> find_signature_error(const boost::beast::http::request<boost::beast::http::string_body>& request,
                                                const LambdaAccount& account);

/// An error of the service: status, x-amzn-ErrorType, and a body that says whose fault it is ("User", "Service") and `message`.
LambdaReply service_error(unsigned status, const std::string& error_type, std::string_view message);

}  // namespace orchestrator::test
