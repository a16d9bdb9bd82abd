#include "orchestrator/verify_summary.hpp"

#include "base/text_tail.hpp"
#include "base/web_url.hpp"
#include "orchestrator/error_json.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

namespace orchestrator::tool {

namespace json = boost::json;

namespace {

std::string counted(std::int64_t count, const std::string& noun) {
  return std::to_string(count) + " " + noun + (count == 1 ? "" : "s");
}

std::string box_text(const PixelBox& box) {
  return std::to_string(box.left) + "," + std::to_string(box.top) + " to " + std::to_string(box.right) + "," +
         std::to_string(box.bottom);
}

json::array json_of(const std::vector<VerifyPass>& passes) {
  json::array array;
  for (const VerifyPass& pass : passes) {
    json::object object{{"name", to_string(pass)},    {"fresh", pass.fresh},
                        {"loaded", pass.loaded},      {"capture", valid_utf8(pass.capture)},
                        {"compared", pass.compared},  {"different", pass.different},
                        {"first_different", nullptr}, {"skipped", nullptr}};
    if (pass.first_different) object["first_different"] = *pass.first_different;
    if (!pass.skipped.empty()) object["skipped"] = valid_utf8(pass.skipped);
    array.push_back(std::move(object));
  }
  return array;
}

json::object json_of(const VerifyReport& report, const FirstDifference& first) {
  const auto& [pixels, largest, box] = first.difference;
  return {{"frame", first.frame},
          {"pass", to_string(report.passes[first.pass])},
          {"pixels", pixels},
          {"largest", largest},
          {"box", json::object{{"left", box.left}, {"top", box.top}, {"right", box.right}, {"bottom", box.bottom}}},
          {"reference_is_steady", first.reference_is_steady},
          {"reference", valid_utf8(first.reference.string())},
          {"other", valid_utf8(first.other.string())},
          {"difference", valid_utf8(first.where.string())},
          {"likely_cause", likely_cause(report)}};
}

std::string difference_text(const VerifyReport& report, const FirstDifference& first) {
  const auto& [pixels, largest, box] = first.difference;
  std::string text = "  " + counted(pixels, "pixel") + " by up to " + std::to_string(largest) + " of 255, within " +
                     box_text(box) + "\n  in sequence: " + first.reference.string() + "\n  " +
                     to_string(report.passes[first.pass]) + ": " + first.other.string() +
                     "\n  difference: " + first.where.string() + "\n";
  if (!first.reference_is_steady) {
    text += "  The picture in sequence was taken a second time for this, and came out differently from the first.\n";
  }
  text += "  " + std::string(likely_cause(report)) + "\n  What a page may rely on: docs/page-contracts.md";
  return text;
}

}  // namespace

std::string pass_text(const VerifyPass& pass) {
  const std::string name = to_string(pass) + ": ";
  if (!pass.skipped.empty()) return name + "passed over, " + pass.skipped;
  if (!pass.first_different) return name + counted(pass.compared, "frame") + ", " + pass.capture;
  return name + std::to_string(pass.different) + " of " + counted(pass.compared, "frame") + " differ, the first is frame " +
         std::to_string(*pass.first_different);
}

std::string verify_text(const std::string& composition, const VerifyReport& report) {
  std::string text = without_login(composition) + ": ";
  if (report.difference) {
    const FirstDifference& first = *report.difference;
    return text + "DIFFERS in frame " + std::to_string(first.frame) + " (" + to_string(report.passes[first.pass]) + ")\n" +
           difference_text(report, first);
  }
  return text + "the same in " + std::to_string(report.passes.size()) + (report.passes.size() == 1 ? " pass" : " passes") + ", " +
         counted(report.frames.count(), "frame") + ", " + counted(static_cast<std::int64_t>(report.samples.size()), "sample") +
         " from fresh browsers, capture: " + report.passes.front().capture;
}

std::string verify_json(const std::string& composition, const Result<VerifyReport>& result, std::chrono::milliseconds wall) {
  json::object object{{"composition", valid_utf8(without_login(composition))},
                      {"verdict", nullptr},
                      {"frames", nullptr},
                      {"samples", json::array()},
                      {"passes", json::array()},
                      {"difference", nullptr},
                      {"wall_ms", wall.count()},
                      {"error", nullptr}};
  if (!result) {
    object["error"] = json_of(result.error());
    return json::serialize(object);
  }
  object["verdict"] = result->difference ? "differs" : "same";
  object["frames"] = json::object{{"first", result->frames.first}, {"last", result->frames.last}};
  object["samples"] = json::array(result->samples.begin(), result->samples.end());
  object["passes"] = json_of(result->passes);
  if (result->difference) object["difference"] = json_of(*result, *result->difference);
  return json::serialize(object);
}

}  // namespace orchestrator::tool
