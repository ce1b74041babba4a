// SPDX-License-Identifier: Apache-2.0
#include "patches/message_writer.h"

#include <string>

#include <fmt/format.h>

#include "tests/cases.h"

namespace bansoko::patches {
namespace {

constexpr const char* kTemplates = R"(
line_of: {help: a line, with: {word: text, count: {number: 2}}, of: {line: "${word} ${count}"}}
framed: {help: behind its length, with: {body: bytes}, of: [{u16be: size(body)}, {block: body, of: {put: body}}]}
nested: {help: itself, of: {use: nested}}
talk: {help: a dialogue, say: []}
)";

/// The bytes in hexadecimal, or the faults.
std::string written(const std::string& items) {
  Faults faults;
  const auto templates_tree = settings::parse_tree(kTemplates, "t.yaml", faults);
  const auto tree = settings::parse_tree(items, "m.yaml", faults);
  Templates templates;
  if (templates_tree) templates.add(*templates_tree, FaultSink("t.yaml", faults));
  std::string bytes;
  if (tree)
    bytes = MessageWriter(templates, faults)
                .write(*tree, {.file = std::make_shared<const std::string>("m.yaml")});
  std::string shown;
  for (const settings::Fault& fault : faults) shown += to_text(fault) + "\n";
  if (!shown.empty()) return shown;
  for (const char c : bytes) shown += fmt::format("{:02x}", static_cast<unsigned char>(c));
  return shown;
}

struct Case {
  std::string name;
  std::string items;
  std::string bytes;
};

class Message : public testing::TestWithParam<Case> {};
TEST_P(Message, IsWritten) { EXPECT_EQ(written(GetParam().items), GetParam().bytes); }

INSTANTIATE_TEST_SUITE_P(
    Patches, Message,
    testing::Values(
        Case{"Text", "abc", "616263"}, Case{"List", "[a, b]", "6162"}, Case{"Line", "{line: a}", "610d0a"},
        Case{"Hex", "{hex: 00 ff}", "00ff"}, Case{"Little", "{u32le: 258}", "02010000"},
        Case{"Big", "{u24be: 258}", "000102"}, Case{"Negative", "{u16le: -1}", "ffff"},
        Case{"Utf16", "{utf16: aあ}", "61004230"}, Case{"Utf16Be", "{utf16be: a}", "0061"},
        Case{"Surrogates", "{utf16: \"\\U0001F600\"}", "3dd800de"},
        Case{"Uuid", "{uuid: 00112233-4455-6677-8899-aabbccddeeff}", "33221100554477668899aabbccddeeff"},
        Case{"UuidBe", "{uuid_be: 00112233-4455-6677-8899-aabbccddeeff}", "00112233445566778899aabbccddeeff"},
        Case{"Times", "{text: ab, times: 3}", "616261626162"}, Case{"NoTimes", "{text: ab, times: 0}", ""},
        Case{"Index", "{u8: i * 2, times: 3, index: i}", "000204"},
        Case{"LengthAhead", "[{u8: size(b)}, {block: b, text: xyz}]", "0378797a"},
        Case{"LengthOfItself", "{block: b, of: [{u8: size(b)}, ab]}", "036162"},
        Case{"Place", "[ab, {u8: at(b)}, {block: b, text: x}]", "61620378"},
        Case{"Align", "[abc, {align: 4}, {u8: 1}]", "6162630001"},
        Case{"AlignFrom", "[a, {block: b, of: [bc, {align: 4, from: at(b)}]}]", "6162630000"},
        Case{"Decimal", "{decimal: 10 + 5}", "3135"}, Case{"Hexadecimal", "{hexadecimal: 255}", "6666"},
        Case{"Base64", "{base64: ab}",
             "59574"
             "93d"},
        Case{"Percent", "{percent: a/}", "253631253246"}, Case{"DnsName", "{dns_name: a.bc}", "016102626300"},
        Case{"Root", "{dns_name: ''}", "00"},
        Case{"Der", "{der: 0x30, of: [{der: 2, of: {u8: 5}}]}", "3003020105"},
        Case{"DerLong", "[{slice: {der: 4, of: {text: a, times: 200}}, size: 4}]", "0481c861"},
        Case{"Slice", "{slice: abcdef, from: 2, size: 3}", "636465"},
        Case{"SliceBeyond", "{slice: abc, from: 2, size: 9}", "63"},
        Case{"Template", "{use: line_of, with: {word: a}}", "6120320d0a"},
        Case{"TemplateGiven", "{use: line_of, with: {word: a, count: 3}}", "6120330d0a"},
        Case{"TemplateNested", "{use: framed, with: {body: {use: framed, with: {body: a}}}}", "0003000161"},
        Case{"TextIsLiteral", "\"${jndi:x}\"", "247b6a6e64693a787d"}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    PatchesRefused, Message,
    testing::Values(
        Case{"NoItem", "{texts: a}",
             "m.yaml:1:1: is no item (valid: text, line, hex, utf16, utf16be, uuid, uuid_be, u8, u16le, "
             "u16be, u24le, "
             "u24be, u32le, u32be, u64le, u64be, decimal, hexadecimal, align, base64, percent, dns_name, "
             "der, slice, put, "
             "use, of)\n"},
        Case{"OtherKey", "{text: a, size: 3}", "m.yaml:1:11: 'size' is no key of the item 'text'\n"},
        Case{"OddHex", "{hex: abc}",
             "m.yaml:1:7: an odd number of hexadecimal digits (valid: 4d 5a, in pairs of hexadecimal "
             "digits)\n"},
        Case{"TooLarge", "{u8: 256}", "m.yaml:1:6: 256 does not fit into 8 bits\n"},
        Case{"TooSmall", "{u8: -129}", "m.yaml:1:6: -129 does not fit into 8 bits\n"},
        Case{"NoBlock", "{u8: size(x)}", "m.yaml:1:6: there is no block 'x' here\n"},
        Case{"Circle", "{block: b, text: a, times: size(b) + 1}",
             "m.yaml:1:1: the sizes of its blocks depend on each other in a circle\n"},
        Case{"Nothing", "[~]", "m.yaml:1:2: nothing stands here (valid: \"\" for no bytes)\n"},
        Case{"TooOften", "{text: a, times: 9999999}", "m.yaml:1:18: 9999999 times (valid: 0 to 1048576)\n"},
        Case{"TooMuch", "{text: abcd, times: 999999}",
             "m.yaml:1:8: the message is larger than 1048576 bytes\n"},
        Case{"NoTemplate", "{use: other}", "m.yaml:1:7: there is no template 'other'\n"},
        Case{"Dialogue", "{use: talk}", "m.yaml:1:7: 'talk' is a piece of a dialogue, not of a message\n"},
        Case{"Missing", "{use: line_of}", "m.yaml:1:7: the template 'line_of' needs 'word'\n"},
        Case{"NotTaken", "{use: line_of, with: {word: a, size: 1}}",
             "m.yaml:1:32: the template 'line_of' takes no 'size'\n"},
        Case{"Endless", "{use: nested}", "t.yaml:4:28: more than 48 items within each other\n"},
        Case{"NotAName", "{put: x}", "m.yaml:1:7: 'x' is not the name of bytes or a text\n"},
        Case{"LongLabel", "{dns_name: a..b}", "m.yaml:1:12: a label of a name has 1 to 63 bytes, not 0\n"}),
    by_name);

}  // namespace
}  // namespace bansoko::patches
