#pragma once

#include "support/lambda_http.hpp"
#include "support/lambda_service.hpp"

#include <memory>

namespace orchestrator::test {

/// The headers of every answer to an invocation.
std::vector<std::pair<std::string, std::string>> invocation_headers(const LambdaInvocation& invocation);

/// Invoke: the whole response at once.
boost::asio::awaitable<void> answer_whole(const LambdaService& service, boost::asio::ip::tcp::socket& socket,
                                          std::shared_ptr<LambdaInvocation> invocation, bool keep_alive);

/// InvokeWithResponseStream: PayloadChunk events as the function writes, then InvokeComplete.
boost::asio::awaitable<void> answer_stream(const LambdaService& service, boost::asio::ip::tcp::socket& socket,
                                           std::shared_ptr<LambdaInvocation> invocation);

}  // namespace orchestrator::test
