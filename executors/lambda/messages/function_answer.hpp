#pragma once

#include <orchestrator/worker/messages.hpp>

#include <variant>

namespace orchestrator::lambda {

/// The last message of a function that did what the event asks for.
using FunctionAnswer = std::variant<protocol::Done, protocol::Described>;

}  // namespace orchestrator::lambda
