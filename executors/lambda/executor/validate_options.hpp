#pragma once

#include <orchestrator/error.hpp>
#include <orchestrator/executors/lambda_executor.hpp>

#include <string>
#include <string_view>

namespace orchestrator {

/// Checks what can be checked without asking AWS. Pure. Errors: Errc::invalid_options, naming the field as "lambda.bucket".
Result<void> validate(const LambdaExecutorOptions& options);
/// "eu-west-1" of "arn:aws:lambda:eu-west-1:123456789012:function:render"; empty if `function` is only a name.
std::string region_of_arn(std::string_view function);

}  // namespace orchestrator
