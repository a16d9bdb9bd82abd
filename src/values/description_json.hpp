#pragma once

#include "values/options_json.hpp"

#include <orchestrator/composition_description.hpp>

#include <boost/json/object.hpp>

namespace orchestrator {

/// A description as JSON, for the worker protocol, the Lambda function and people. What the page does not say is left out.
boost::json::object json_of(const CompositionDescription& description);
void read_fields(JsonReader reader, CompositionDescription& description);

}  // namespace orchestrator
