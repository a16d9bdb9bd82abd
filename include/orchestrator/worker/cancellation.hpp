#pragma once

#include <orchestrator/awaitable.hpp>
#include <orchestrator/error.hpp>
#include <orchestrator/export.hpp>

#include <chrono>
#include <string>

namespace orchestrator {
inline namespace ORCHESTRATOR_EXPORT v0 {

/// Coroutines of the kit return Errc::cancelled. So that Asio does not throw first, they switch that off
/// (boost::asio::this_coro::throw_if_cancelled(false)), also for the coroutine that awaits them, from there on; LoopThread does
/// so for the tasks it is given. Awaited by a coroutine that is cancelled already and has it on, they do not begin: that one
/// throws.

/// Whether this coroutine was cancelled. To be asked between operations, because a cancellation ends only the operation that is
/// under way: one that arrives between two operations (or when the first has just completed) leaves no other trace.
Awaitable<bool> is_cancelled();

/// The error that a cancelled step ends with.
Error cancelled_error(Stage stage = Stage::capture, std::string detail = "cancelled");

/// Waits for `time` and returns true; returns false at once if this coroutine is cancelled, before or meanwhile.
Awaitable<bool> pause(std::chrono::milliseconds time);

}  // namespace v0
}  // namespace orchestrator
