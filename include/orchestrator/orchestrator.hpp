#pragma once

/// All public headers but those of the SSH and Lambda executors, for first experiments. Large programs include single headers.
#include <orchestrator/async_render.hpp>
#include <orchestrator/render.hpp>
