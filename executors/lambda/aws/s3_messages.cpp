#include "lambda/aws/s3_messages.hpp"

#include "base/lower_case.hpp"
#include "base/parse_number.hpp"
#include "lambda/aws/uri.hpp"
#include "lambda/aws/xml.hpp"

namespace orchestrator::aws {

namespace {

/// Decodes a key of a list. AWS writes a blank as '+', other stores write "%20".
std::string decoded_key(std::string key) {
  for (char& c : key) c = c == '+' ? ' ' : c;
  return uri_decode(key);
}

}  // namespace

S3Page parse_list(std::string_view xml) {
  S3Page page;
  for (const std::string_view object : xml_elements(xml, "Contents")) {
    page.objects.push_back(
        {.key = decoded_key(xml_text(object, "Key")), .bytes = parse_number<std::int64_t>(xml_text(object, "Size")).value_or(0)});
  }
  if (xml_text(xml, "IsTruncated") == "true") page.next = xml_text(xml, "NextContinuationToken");
  return page;
}

std::string delete_request(const std::vector<std::string>& keys) {
  std::string xml = R"(<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Quiet>true</Quiet>)";
  for (const std::string& key : keys) xml += "<Object><Key>" + xml_escape(key) + "</Key></Object>";
  return xml + "</Delete>";
}

std::string first_delete_error(std::string_view xml) {
  const auto errors = xml_elements(xml, "Error");
  return errors.empty() ? std::string() : xml_text(errors.front(), "Key") + ": " + xml_text(errors.front(), "Code");
}

S3Address s3_address(const S3Location& location, std::string_view key) {
  const std::string origin =
      location.endpoint.empty() ? "https://" + service_host("s3", location.region) : origin_of(location.endpoint);
  const std::string path = "/" + uri_encode_path(key);
  // The certificate for *.s3.REGION.amazonaws.com does not cover a bucket whose name has a dot.
  if (location.path_style || location.bucket.find('.') != std::string::npos) {
    return {origin, "/" + uri_encode(location.bucket) + path};
  }
  const std::size_t host = origin.find("://") + 3;
  return {origin.substr(0, host) + uri_encode(location.bucket) + "." + origin.substr(host), path};
}

std::int64_t object_bytes(const std::vector<HttpHeader>& headers) {
  const std::string_view range = find_header(headers, "Content-Range");  // "bytes 0-0/1234" (RFC 9110, 14.4)
  const std::string_view size = range.empty() ? find_header(headers, "Content-Length") : range.substr(range.find('/') + 1);
  return parse_number<std::int64_t>(size).value_or(0);
}

std::vector<HttpHeader> metadata_of(const std::vector<HttpHeader>& headers) {
  constexpr std::string_view prefix = "x-amz-meta-";
  std::vector<HttpHeader> found;
  for (const HttpHeader& header : headers) {
    const std::string name = lower_case(header.name);
    if (name.starts_with(prefix)) found.push_back({name.substr(prefix.size()), header.value});
  }
  return found;
}

}  // namespace orchestrator::aws
