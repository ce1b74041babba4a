// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "assess/feed/feed.h"
#include "assess/xml/records.h"

namespace bansoko::feed {

/// Reads a feed's XML into `records`, within the limits.
Result<> read_xml(ByteSource& bytes, const Limits& limits, xml::Handler& records);

/// The local name of the root, as far as the first bytes of a document show it; empty: they do not. What
/// begins with a DOCTYPE shows none.
std::string_view xml_root(std::string_view head) noexcept;

/// "CVE-2008-4250", in capitals: "CVE-", a year of four digits, "-", at least four digits.
bool is_cve(std::string_view text) noexcept;

/// Days are told in many lengths; what is none is nothing.
std::optional<assess::Date> date_of(std::string_view text);

/// "rhel-9" of "v2/rhel-9.oval.xml.bz2": a file's name without its folder and what tells of its form.
std::string_view file_stem(std::string_view name) noexcept;

/// The number at the beginning of a text; nothing where there is none, or one outside of 0 to 10.
std::optional<double> score_of(std::string_view text) noexcept;

/// HTML as plain text: without tags, blanks in a row as one, named and numbered characters told.
std::string plain_text(std::string_view html);

}  // namespace bansoko::feed
