#pragma once

/// All public headers but those of the SSH and Lambda executors, for first experiments. Large programs include single headers.
#include <orchestrator/chunk.hpp>
#include <orchestrator/error.hpp>
#include <orchestrator/executors/local_executor.hpp>
#include <orchestrator/frame_range.hpp>
#include <orchestrator/progress.hpp>
#include <orchestrator/render_executor.hpp>
#include <orchestrator/render_options.hpp>
#include <orchestrator/render_orchestrator.hpp>
#include <orchestrator/render_plan.hpp>
#include <orchestrator/version.hpp>
