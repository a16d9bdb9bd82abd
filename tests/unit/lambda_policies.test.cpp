// The policies that docs/lambda-function.md hands out.
#include "support/contains.hpp"
#include "support/files.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <catch2/catch.hpp>

#include <map>
#include <set>

using namespace orchestrator::test;
namespace json = boost::json;

namespace {

json::value read(const std::string& name) {
  return json::parse(read_file(std::string(ORCHESTRATOR_SOURCE_DIR) + "/examples/lambda/" + name));
}

/// Each action that a policy grants, and on what.
std::map<std::string, std::string> grants(const std::string& name) {
  std::map<std::string, std::string> found;
  const json::value policy = read(name);
  for (const json::value& statement : policy.at("Statement").as_array()) {
    const json::value& actions = statement.at("Action");
    const std::string resource(statement.at("Resource").as_string());
    if (actions.is_string()) found.emplace(actions.as_string(), resource);
    if (!actions.is_array()) continue;
    for (const json::value& action : actions.as_array()) found.emplace(action.as_string(), resource);
  }
  return found;
}

}  // namespace

TEST_CASE("lambda policies: the caller may do what LambdaExecutor does, and nothing else", "[lambda]") {
  const std::string objects = "arn:aws:s3:::BUCKET/orchestrator/*";
  CHECK(grants("caller-policy.json") ==
        std::map<std::string, std::string>{{"lambda:InvokeFunction", "arn:aws:lambda:REGION:ACCOUNT:function:render*"},
                                           {"s3:GetObject", objects},
                                           {"s3:PutObject", objects},
                                           {"s3:DeleteObject", objects},
                                           {"s3:ListBucket", "arn:aws:s3:::BUCKET"}});
}

TEST_CASE("lambda policies: the function reads, stores chunks and logs; it removes nothing and overwrites no composition",
          "[lambda]") {
  const auto role = grants("role-policy.json");
  CHECK(role.at("s3:GetObject") == "arn:aws:s3:::BUCKET/orchestrator/*");
  CHECK(role.at("s3:PutObject") == "arn:aws:s3:::BUCKET/orchestrator/renders/*");
  CHECK(role.at("s3:ListBucket") == "arn:aws:s3:::BUCKET");
  for (const auto& [action, resource] : role) CHECK((action.starts_with("s3:") || action.starts_with("logs:")));
  CHECK_FALSE(role.contains("s3:DeleteObject"));
  CHECK(contains(json::serialize(read("trust-policy.json")), "lambda.amazonaws.com"));
}

TEST_CASE("lambda policies: only what a render leaves expires", "[lambda]") {
  const json::value lifecycle = read("lifecycle.json");
  for (const json::value& rule : lifecycle.at("Rules").as_array()) {
    CHECK(rule.at("Filter").at("Prefix").as_string() == "orchestrator/renders/");
    CHECK(rule.at("Expiration").at("Days").as_int64() >= 1);
  }
}
