#include "values/description_json.hpp"

#include "base/text_tail.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

namespace orchestrator {

namespace json = boost::json;

namespace {

json::object json_of(const DescribedComposition& composition) {
  json::object object{{"id", valid_utf8(composition.id)}};
  if (composition.width > 0) object["width"] = composition.width;
  if (composition.height > 0) object["height"] = composition.height;
  if (composition.fps.num > 0) object["fps"] = json_of(composition.fps);
  if (composition.frames > 0) object["frames"] = composition.frames;
  if (composition.duration.num > 0) object["duration"] = json_of(composition.duration);
  if (!composition.described.empty()) object["described"] = valid_utf8(composition.described);
  if (!composition.error.empty()) object["error"] = valid_utf8(composition.error);
  return object;
}

void read_fields(JsonReader reader, DescribedComposition& composition) {
  reader.read("id", composition.id).read("width", composition.width).read("height", composition.height);
  read_object(reader, "fps", composition.fps);
  reader.read("frames", composition.frames);
  read_object(reader, "duration", composition.duration);
  reader.read("described", composition.described).read("error", composition.error);
}

}  // namespace

json::object json_of(const CompositionDescription& description) {
  json::array compositions;
  for (const DescribedComposition& composition : description.compositions) compositions.push_back(json_of(composition));
  return {{"contract", valid_utf8(description.contract)},
          {"traits", json::object{{"order", to_string(description.traits.order)}}},
          {"compositions", std::move(compositions)}};
}

std::string v0::to_json(const CompositionDescription& description) { return json::serialize(json_of(description)); }

void read_fields(JsonReader reader, CompositionDescription& description) {
  reader.read("contract", description.contract);
  reader.object("traits", [&](JsonReader traits) { traits.word("order", description.traits.order, frame_order_from_string); });
  reader.required("compositions").array("compositions", [&](JsonReader composition) {
    read_fields(std::move(composition), description.compositions.emplace_back());
  });
}

}  // namespace orchestrator
