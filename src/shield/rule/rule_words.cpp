// SPDX-License-Identifier: Apache-2.0
#include "shield/rule/rule_words.h"

#include <algorithm>
#include <array>
#include <utility>

#include <fmt/format.h>

#include "base/text.h"

namespace bansoko::rule {
namespace {

constexpr std::array<std::string_view, 11> kDescribing{"msg",       "sid",          "gid",      "rev",
                                                       "reference", "classtype",    "priority", "metadata",
                                                       "target",    "fast_pattern", "rawbytes"};

struct Pair {
  std::string_view name;
  std::string_view words;
};

/// Buffers under the names that older rules use, behind the content that they are about.
constexpr std::array kOldModifiers{Pair{"http_uri", "http.uri"},
                                   Pair{"http_raw_uri", "http.uri.raw"},
                                   Pair{"http_method", "http.method"},
                                   Pair{"http_header", "http.header"},
                                   Pair{"http_raw_header", "http.header.raw"},
                                   Pair{"http_cookie", "http.cookie"},
                                   Pair{"http_user_agent", "http.user_agent"},
                                   Pair{"http_host", "http.host"},
                                   Pair{"http_raw_host", "http.host.raw"},
                                   Pair{"http_client_body", "http.request_body"},
                                   Pair{"http_server_body", "http.response_body"},
                                   Pair{"http_stat_code", "http.stat_code"},
                                   Pair{"http_stat_msg", "http.stat_msg"}};

/// The same, before the contents that they are about.
constexpr std::array kOldBuffers{Pair{"file_data", "file.data"}, Pair{"pkt_data", "payload"},
                                 Pair{"dns_query", "dns.query"}, Pair{"tls_sni", "tls.sni"}};

constexpr std::array kFlowWords{Pair{"established", "the connection is established"},
                                Pair{"not_established", "the connection is not established"},
                                Pair{"stateless", "whatever the state of the connection"},
                                Pair{"to_server", "sent by the client"},
                                Pair{"from_client", "sent by the client"},
                                Pair{"to_client", "sent by the server"},
                                Pair{"from_server", "sent by the server"},
                                Pair{"only_stream", "only the stream put together"},
                                Pair{"no_stream", "only single packets"}};

constexpr std::array kFlowbitWords{
    Pair{"set", "marks the flow"}, Pair{"unset", "takes the mark off the flow"},
    Pair{"toggle", "changes the flow's mark"}, Pair{"isset", "the flow has the mark"},
    Pair{"isnotset", "the flow does not have the mark"}};

template <std::size_t N>
std::string_view find(const std::array<Pair, N>& table, std::string_view name) {
  const auto found = std::ranges::find(table, name, &Pair::name);
  return found == table.end() ? std::string_view() : found->words;
}

/// A content or expression, with what the options behind it say about it.
struct Sought {
  std::string_view verb;  // "holds", "matches"
  std::string text;
  bool negated = false;
  std::string place;

  void add(std::string words) { place += (place.empty() ? "" : ", ") + std::move(words); }
};

class Writer {
 public:
  explicit Writer(const OptionLookup& lookup) : lookup_(lookup) {}

  void take(const Option& option) {
    if (std::ranges::find(kDescribing, option.name) != kDescribing.end()) return;
    if (modify(option)) return;
    end_sought();
    if (option.name == "content") return begin("holds", option, buffer_);
    if (option.name == "uricontent") return begin("holds", option, "http.uri");
    if (option.name == "pcre") return begin("matches", option, buffer_);
    if (const auto buffer = find(kOldBuffers, option.name); !buffer.empty()) {
      buffer_ = buffer;
    } else if (lookup_.is_buffer(option.name) && !option.has_value) {
      buffer_ = option.name;
    } else if (option.name == "flow") {
      say(list(option.value));
    } else if (option.name == "flowbits") {
      say(flowbits(option.value));
    } else if (option.name == "noalert") {
      say("no event is written");
    } else {
      say_generally(option);
    }
  }

  std::vector<std::string> finish() && {
    end_sought();
    return std::move(sentences_);
  }

 private:
  void say(std::string sentence) { sentences_.push_back(std::move(sentence)); }

  void begin(std::string_view verb, const Option& option, std::string_view buffer) {
    sought_ = {.verb = verb, .text = option.value, .negated = option.value.starts_with('!'), .place = {}};
    if (sought_.negated) sought_.text = trim(std::string_view(sought_.text).substr(1));
    sought_buffer_ = buffer;
    has_sought_ = true;
  }

  /// Whether it is said of the content or expression before.
  bool modify(const Option& option) {
    if (!has_sought_) return false;
    const std::string& value = option.value;
    if (const auto buffer = find(kOldModifiers, option.name); !buffer.empty())
      sought_buffer_ = buffer;
    else if (option.name == "nocase")
      sought_.add("whatever the case");
    else if (option.name == "startswith")
      sought_.add("at its beginning");
    else if (option.name == "endswith")
      sought_.add("at its end");
    else if (option.name == "offset")
      sought_.add(fmt::format("from byte {} on", value));
    else if (option.name == "depth")
      sought_.add(fmt::format("within {} bytes from there", value));
    else if (option.name == "distance")
      sought_.add(fmt::format("{} bytes or more behind the match before", value));
    else if (option.name == "within")
      sought_.add(fmt::format("ending within {} bytes behind the match before", value));
    else
      return false;
    return true;
  }

  void end_sought() {
    if (!has_sought_) return;
    has_sought_ = false;
    const std::string_view verb = !sought_.negated          ? sought_.verb
                                  : sought_.verb == "holds" ? "does not hold"
                                                            : "does not match";
    say(fmt::format("{} {} {}{}{}", sought_buffer_, verb, sought_.text, sought_.place.empty() ? "" : ", ",
                    sought_.place));
  }

  static std::string list(std::string_view words) {
    std::string said;
    while (!words.empty()) {
      const auto item = words.substr(0, words.find(','));
      words.remove_prefix(std::min(words.size(), item.size() + 1));
      const auto word = trim(item);
      const auto meaning = find(kFlowWords, word);
      said += fmt::format("{}{}", said.empty() ? "" : ", ", meaning.empty() ? word : meaning);
    }
    return said;
  }

  static std::string flowbits(std::string_view value) {
    const auto comma = value.find(',');
    const auto command = trim(value.substr(0, comma));
    if (command == "noalert") return "no event is written";
    const auto meaning = find(kFlowbitWords, command);
    if (meaning.empty() || comma == std::string_view::npos) return fmt::format("flowbits: {}", value);
    return fmt::format("{} {}", meaning, trim(value.substr(comma + 1)));
  }

  void say_generally(const Option& option) {
    const auto help = lookup_.help(option.name);
    const std::string written =
        option.has_value ? fmt::format("{}:{}", option.name, option.value) : option.name;
    say(help.empty() ? fmt::format("{} (not an option of this engine)", written)
                     : fmt::format("{} ({})", written, help));
  }

  const OptionLookup& lookup_;
  std::string buffer_ = "payload";
  std::string sought_buffer_;
  Sought sought_;
  bool has_sought_ = false;
  std::vector<std::string> sentences_;
};

}  // namespace

std::vector<std::string> rule_words(std::span<const Option> options, const OptionLookup& lookup) {
  Writer writer(lookup);
  for (const Option& option : options) writer.take(option);
  return std::move(writer).finish();
}

}  // namespace bansoko::rule
