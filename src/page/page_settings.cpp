#include "page/page_settings.hpp"

#include "cdp/cdp_fields.hpp"

namespace orchestrator {

namespace asio = boost::asio;

namespace {

/// Looks both names up in Chromium's own tables, in a blank page. `setTimezoneOverride` takes any name and ignores an unknown
/// one, and `setLocaleOverride` turns an unknown one into a language without words and numbers.
constexpr const char* ask_names = R"js(((timezone, locale) => {
  const attempt = (ask) => { try { return ask(); } catch { return ''; } };
  const zoneOf = (name) => new Intl.DateTimeFormat('en', {timeZone: name}).resolvedOptions().timeZone;
  const zone = attempt(() => zoneOf(timezone));
  const place = timezone.split('/').pop().toLowerCase().replaceAll(' ', '_');
  const near = (name) => name.toLowerCase().split('/').pop() === place;
  const canonical = attempt(() => Intl.getCanonicalLocales(locale)[0]);
  const known = canonical && Intl.NumberFormat.supportedLocalesOf(canonical).length > 0;
  return {zone, nearZone: Intl.supportedValuesOf('timeZone').find(near) ?? '', locale: known ? canonical : ''};
}))js";

std::string question(const PageSettings& settings) {
  const std::string call = std::string(ask_names) + "(" + cdp_quote(settings.timezone) + "," + cdp_quote(settings.locale) + ")";
  return R"({"returnByValue":true,"expression":)" + cdp_quote(call) + "}";
}

Error wrong(std::string detail) {
  return Error{.code = Errc::invalid_options, .detail = std::move(detail), .stage = Stage::load};
}

Result<void> check_names(const PageSettings& settings, std::string_view answer) {
  const auto field = [&](const char* name) { return cdp_text(answer, std::string("/result/value/") + name).value_or(""); };
  if (field("zone").empty()) {
    const std::string near = field("nearZone");
    return wrong("page.timezone is '" + settings.timezone + "', a time zone that Chromium does not know; " +
                 (near.empty() ? "give an IANA name, as UTC or Europe/Berlin" : "'" + near + "' may be meant"));
  }
  const std::string locale = field("locale");
  if (locale.empty()) {
    return wrong("page.locale is '" + settings.locale + "', a language that Chromium does not know; give a BCP 47 tag, as de-DE");
  }
  // If spelt otherwise, navigator.language would keep that spelling, but Intl's locale would be the canonical one.
  if (locale != settings.locale) return wrong("page.locale is '" + settings.locale + "': write it '" + locale + "'");
  return {};
}

/// Parameters of Emulation.setUserAgentOverride. `product` is as Browser.getVersion gives it: HeadlessChrome/156.0.8078.108. As
/// in every Chromium, the user agent has the major version alone (chromium.org, "User-Agent Reduction").
std::string identity(std::string_view product) {
  const std::string version(product.substr(product.find('/') + 1));
  const std::string major = version.substr(0, version.find('.'));
  const std::string agent =
      "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/" + major + ".0.0.0 Safari/537.36";
  const auto brands = [](const std::string& number) { return R"([{"brand":"Chromium","version":)" + cdp_quote(number) + "}]"; };
  return R"({"userAgent":)" + cdp_quote(agent) + R"(,"platform":"Linux x86_64","userAgentMetadata":{"brands":)" + brands(major) +
         R"(,"fullVersionList":)" + brands(version) +
         R"(,"platform":"Linux","platformVersion":"","architecture":"x86","bitness":"64","model":"","mobile":false}})";
}

}  // namespace

asio::awaitable<Result<void>> apply_page_settings(CdpConnection& connection, std::string session, PageSettings settings,
                                                  std::chrono::steady_clock::time_point deadline) {
  auto answer = co_await connection.call("Runtime.evaluate", question(settings), session, deadline);
  if (!answer) co_return answer.error();
  auto known = check_names(settings, *answer);
  if (!known) co_return known.error();
  const std::string zone = cdp_text(*answer, "/result/value/zone").value_or("");
  auto zone_set =
      co_await connection.call("Emulation.setTimezoneOverride", R"({"timezoneId":)" + cdp_quote(zone) + "}", session, deadline);
  if (!zone_set) co_return zone_set.error();
  auto locale_set = co_await connection.call("Emulation.setLocaleOverride", R"({"locale":)" + cdp_quote(settings.locale) + "}",
                                             session, deadline);
  if (!locale_set) co_return locale_set.error();
  co_return Result<void>{};
}

asio::awaitable<Result<void>> present_as_chromium(CdpConnection& connection, std::string session,
                                                  std::chrono::steady_clock::time_point deadline) {
  auto version = co_await connection.call("Browser.getVersion", "{}", "", deadline);
  if (!version) co_return version.error();
  std::string params = identity(cdp_text(*version, "/product").value_or(""));
  auto presented = co_await connection.call("Emulation.setUserAgentOverride", std::move(params), session, deadline);
  if (!presented) co_return presented.error();
  co_return Result<void>{};
}

}  // namespace orchestrator
