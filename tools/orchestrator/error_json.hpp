#pragma once

#include <orchestrator/error.hpp>

#include <boost/json/value.hpp>

namespace orchestrator::tool {

/// The object that docs/command-line.md calls an error. Pure.
boost::json::value json_of(const Error& error);

}  // namespace orchestrator::tool
