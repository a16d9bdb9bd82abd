#include "orchestrator/error_json.hpp"

#include "base/text_tail.hpp"

#include <boost/json/object.hpp>

#include <string>

namespace orchestrator::tool {

namespace json = boost::json;

json::value json_of(const Error& error) {
  json::object object{{"code", to_string(error.code)},
                      {"message", valid_utf8(error.message())},
                      {"chunk", nullptr},
                      {"frame", nullptr},
                      {"stage", to_string(error.stage)},
                      {"worker", nullptr}};
  if (error.chunk) object["chunk"] = *error.chunk;
  if (error.frame) object["frame"] = *error.frame;
  if (!error.worker.empty()) object["worker"] = valid_utf8(error.worker);
  return object;
}

}  // namespace orchestrator::tool
