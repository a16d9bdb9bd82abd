// Finds shadow roots that no script can reach, but DevTools can: those that the browser itself makes inside elements, when the
// runtime asks (own_trees.js), and the closed ones that a document's own HTML declares (<template shadowrootmode="closed">).
// Having DevTools describe a document takes longer than loading it (30,000 nodes: 0.3 s), so that is done only if the text of a
// document may declare such a root.
#include "cdp/cdp_fields.hpp"
#include "page/page.hpp"
#include "page/page_error.hpp"

#include <simdjson.h>

#include <algorithm>
#include <cctype>
#include <utility>

namespace orchestrator {

namespace asio = boost::asio;

namespace {

/// Compares two letters without regard to case. `b` must be a small letter.
bool equal_letters(char a, char b) {
  constexpr int small = 0x20;  // the bit of ASCII letters that tells their case
  return (a | small) == b;
}

/// True if `text`, what follows the attribute's name, plainly gives the mode "open": ="open", = 'open' or =open. Quotes and line
/// breaks are escaped, as in a JSON string.
bool says_open(std::string_view text) {
  constexpr std::string_view open = "open";
  text.remove_prefix(std::min(text.find_first_not_of("= \\\"'ntrf"), text.size()));
  const std::string_view word = text.substr(0, open.size());
  if (!std::equal(word.begin(), word.end(), open.begin(), open.end(), equal_letters)) return false;
  const char after = text.size() > open.size() ? text[open.size()] : '>';
  return std::isalnum(static_cast<unsigned char>(after)) == 0 && after != '&';
}

}  // namespace

bool may_declare_closed_roots(std::string_view text) {
  constexpr std::string_view attribute = "shadowrootmode";
  for (;;) {
    const auto found = std::search(text.begin(), text.end(), attribute.begin(), attribute.end(), equal_letters);
    if (found == text.end()) return false;
    text.remove_prefix(static_cast<std::size_t>(found - text.begin()) + attribute.size());
    if (!says_open(text)) return true;
  }
}

/// `description` must hold the whole tree below the node (depth -1).
std::vector<HiddenRoot> hidden_roots_in(std::string_view description) {
  constexpr std::size_t most_levels = 100'000;
  std::vector<HiddenRoot> roots;
  simdjson::dom::parser parser;
  if (parser.allocate(description.size(), most_levels) != simdjson::SUCCESS) return roots;
  simdjson::dom::element top;
  if (parser.parse(description.data(), description.size()).at_pointer("/node").get(top) != simdjson::SUCCESS) return roots;
  std::vector<simdjson::dom::element> nodes{top};
  while (!nodes.empty()) {
    const simdjson::dom::element node = nodes.back();
    nodes.pop_back();
    std::string_view type;
    std::int64_t id = 0;
    const bool is_hidden = node["shadowRootType"].get(type) == simdjson::SUCCESS && type != "open";
    if (is_hidden && node["backendNodeId"].get(id) == simdjson::SUCCESS) roots.push_back({id, type == "user-agent"});
    for (const char* list : {"children", "shadowRoots"}) {
      simdjson::dom::array below;
      if (node[list].get(below) != simdjson::SUCCESS) continue;
      for (const simdjson::dom::element child : below) nodes.push_back(child);
    }
    simdjson::dom::element document;
    if (node["contentDocument"].get(document) == simdjson::SUCCESS) nodes.push_back(document);
  }
  return roots;
}

/// Asks for a document's text as soon as it has come: Chromium keeps it only for a while (Network.enable in page.cpp).
void Page::ask_for_text(const std::string& request) {
  const Deadline deadline = Deadline::clock::now() + chore_limit;
  texts_.push_back(
      connection_.send("Network.getResponseBody", R"({"requestId":)" + cdp_quote(request) + "}", session_, deadline));
}

asio::awaitable<Result<bool>> Page::learn_closed_roots(Deadline deadline, bool may_be_there) {
  while (!texts_.empty()) {
    auto text = std::move(texts_.back());
    texts_.pop_back();
    auto reply = co_await connection_.finish(std::move(text));
    if (failure_) co_return *failure_;
    const bool is_readable = reply && !cdp_flag(*reply, "/base64Encoded").value_or(true);
    may_be_there = may_be_there || !is_readable || may_declare_closed_roots(*reply);
  }
  if (!may_be_there) co_return false;
  auto learnt = co_await learn_roots_below("document", deadline);
  if (!learnt) co_return learnt.error();
  co_return *learnt == Learnt::new_closed_root;
}

asio::awaitable<Result<void>> Page::meet_strangers(Deadline deadline) {
  for (;;) {
    auto learnt = co_await learn_roots_below(runtime_expression("runtime.nextStranger()"), deadline);
    if (!learnt) co_return learnt.error();
    if (*learnt == Learnt::no_node) co_return Result<void>{};
  }
}

/// `expression` gives a node of the page or null.
asio::awaitable<Result<Page::Learnt>> Page::learn_roots_below(std::string expression, Deadline deadline) {
  std::string params = R"({"objectGroup":"hidden roots","silent":true,"expression":)" + cdp_quote(expression) + "}";
  auto node = co_await call("Runtime.evaluate", std::move(params), deadline);
  if (!node) co_return node.error();
  const auto object = cdp_text(*node, "/result/objectId");
  if (!object) co_return Learnt::no_node;
  // From here on its frame may go elsewhere, and all that is in it with it.
  params = R"({"depth":-1,"pierce":true,"objectId":)" + cdp_quote(*object) + "}";
  auto description = co_await call("DOM.describeNode", std::move(params), deadline);
  if (!description && is_navigation_race(description.error().detail)) co_return Learnt::nothing_new;
  if (!description) co_return description.error();
  auto learnt = co_await learn_roots(hidden_roots_in(*description), deadline);
  forget("Runtime.releaseObjectGroup", R"({"objectGroup":"hidden roots"})");
  co_return learnt;
}

/// Passes over roots that are gone by now. All calls are sent before the first is waited for: a drawing may have a thousand
/// <use>.
asio::awaitable<Result<Page::Learnt>> Page::learn_roots(std::vector<HiddenRoot> roots, Deadline deadline) {
  std::vector<std::shared_ptr<CdpCall>> resolving;
  for (const HiddenRoot& root : roots) {
    const std::string resolve = R"({"objectGroup":"hidden roots","backendNodeId":)" + std::to_string(root.node) + "}";
    resolving.push_back(connection_.send("DOM.resolveNode", resolve, session_, deadline));
  }
  std::vector<std::shared_ptr<CdpCall>> learning;
  for (std::size_t i = 0; i < roots.size(); ++i) {
    auto root = co_await connection_.finish(resolving[i]);
    if (failure_) co_return *failure_;
    if (root) learning.push_back(start_learning(cdp_text(*root, "/object/objectId").value_or(""), roots[i].is_own, deadline));
  }
  Learnt learnt = Learnt::nothing_new;
  for (std::size_t i = 0; i < learning.size(); ++i) {
    auto reply = co_await connection_.finish(learning[i]);
    if (failure_) co_return *failure_;
    if (!reply && is_navigation_race(reply.error().detail)) continue;
    if (!reply) co_return reply.error();
    if (cdp_flag(*reply, "/result/value").value_or(false)) learnt = Learnt::new_closed_root;
  }
  co_return learnt;
}

std::shared_ptr<CdpCall> Page::start_learning(const std::string& root, bool is_own, Deadline deadline) {
  // The function runs among the globals of the frame that the root is in.
  const std::string learn = "function () { 'use strict'; return __orchestrator('" + runtime_key_ + "')?." +
                            (is_own ? "learnOwnTree" : "learnRoot") + "?.(this) ?? false }";
  const std::string params = R"({"returnByValue":true,"silent":true,"objectId":)" + cdp_quote(root) +
                             R"(,"functionDeclaration":)" + cdp_quote(learn) + "}";
  return connection_.send("Runtime.callFunctionOn", params, session_, deadline);
}

}  // namespace orchestrator
