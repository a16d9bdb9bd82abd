#include "page/page.hpp"

#include <catch2/catch.hpp>

#include <algorithm>
#include <string>
#include <vector>

using orchestrator::hidden_roots_in;
using orchestrator::HiddenRoot;
using orchestrator::may_declare_closed_roots;

TEST_CASE("closed roots: a text whose every mode is plainly open has none, any other may have", "[page]") {
  for (const char* text :
       {R"({"body":"<p>text"})", R"(<template shadowrootmode=\"open\">)", R"(<template ShadowRootMode = 'OPEN'>)",
        R"(<template shadowrootmode=open>)", R"(<template shadowrootmode=\n  \"open\"><template shadowrootmode=open)"}) {
    CAPTURE(text);
    CHECK_FALSE(may_declare_closed_roots(text));
  }
  for (const char* text : {R"(<template shadowrootmode=\"closed\">)", R"(<template SHADOWROOTMODE=&#99;losed>)",
                           R"(<template shadowrootmode='&#x63losed'>)", R"(shadowrootmode=open> shadowrootmode=Closed>)",
                           R"(shadowrootmode=open&#32;)", R"(shadowrootmode=op)", "shadowrootmode"}) {
    CAPTURE(text);
    CHECK(may_declare_closed_roots(text));
  }
}

TEST_CASE("hidden roots: found wherever they are, and told from open ones and from text", "[page]") {
  const std::string description = R"js({"node":{"backendNodeId":1,"nodeName":"#document","children":[
    {"backendNodeId":2,"nodeValue":"{\"backendNodeId\":99,\"shadowRootType\":\"closed\"}"},
    {"backendNodeId":3,"shadowRoots":[{"backendNodeId":4,"shadowRootType":"closed","children":[
      {"backendNodeId":5,"shadowRoots":[{"backendNodeId":6,"shadowRootType":"closed"}]}]}]},
    {"backendNodeId":7,"shadowRoots":[{"backendNodeId":8,"shadowRootType":"open","children":[
      {"backendNodeId":9,"shadowRoots":[{"backendNodeId":10,"shadowRootType":"user-agent"}]}]}]},
    {"backendNodeId":11,"nodeName":"IFRAME","contentDocument":{"backendNodeId":12,"children":[
      {"backendNodeId":13,"shadowRoots":[{"backendNodeId":14,"shadowRootType":"closed"}]}]}}]}})js";
  auto roots = hidden_roots_in(description);
  std::sort(roots.begin(), roots.end(), [](const HiddenRoot& a, const HiddenRoot& b) { return a.node < b.node; });
  CHECK((roots == std::vector<HiddenRoot>{{4, false}, {6, false}, {10, true}, {14, false}}));
}

TEST_CASE("hidden roots: deep documents are no harm, nor is what is no description", "[page]") {
  constexpr int levels = 20'000;  // elements of a document can be nested without limit by script
  std::string deep = R"({"node":)";
  for (int level = 0; level < levels; ++level) deep += R"({"backendNodeId":1,"children":[)";
  deep += R"({"backendNodeId":7,"shadowRootType":"closed"})";
  for (int level = 0; level < levels; ++level) deep += "]}";
  CHECK((hidden_roots_in(deep + "}") == std::vector<HiddenRoot>{{7, false}}));
  for (const char* text : {"", "{", "{}", R"({"node":[]})", R"({"node":{"children":{}}})"}) CHECK(hidden_roots_in(text).empty());
}
