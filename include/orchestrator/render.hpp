#pragma once

/// Everything to render with, for programs that do not use Asio: no header of it is reached from here. The executors of other
/// machines have headers of their own (executors/ssh_executor.hpp, slurm_executor.hpp, lambda_executor.hpp), which reach none,
/// either.
#include <orchestrator/executors/local_executor.hpp>
#include <orchestrator/render_orchestrator.hpp>
#include <orchestrator/version.hpp>
