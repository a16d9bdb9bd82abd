#pragma once

#include <orchestrator/error.hpp>
#include <orchestrator/executors/lambda_executor.hpp>

namespace orchestrator {

/// What can be told without asking AWS. Pure. Errors: Errc::invalid_options, naming the field as "lambda.bucket".
Result<void> validate(const LambdaExecutorOptions& options);

}  // namespace orchestrator
