#pragma once

#include <orchestrator/export.hpp>

namespace boost::asio {
class any_io_executor;
template <class T, class Executor>
class awaitable;
}  // namespace boost::asio

namespace orchestrator {
inline namespace ORCHESTRATOR_EXPORT v0 {

/// boost::asio::awaitable<T>, the coroutine that executors are written in. Declared here without Asio's headers, which are as
/// long as all others together: who writes or awaits one includes <boost/asio/awaitable.hpp>, and nobody else needs it.
template <class T>
using Awaitable = boost::asio::awaitable<T, boost::asio::any_io_executor>;

}  // namespace v0
}  // namespace orchestrator
