#pragma once

/// What it takes to render, with and without Asio, for first experiments. Large programs include single headers; the executors of
/// other machines, <orchestrator/worker/...> and <orchestrator/testing/...> are not included here.
#include <orchestrator/async_render.hpp>
#include <orchestrator/render.hpp>
