// SPDX-License-Identifier: Apache-2.0
#include "shield/proto/message_parser_test_case.h"
#include "shield/proto/wins/message.h"

namespace bansoko::proto::wins {
const Protocol& describe();

namespace {
using namespace std::string_literals;

std::string big32(std::uint64_t value) {
  return {static_cast<char>(value >> 24), static_cast<char>(value >> 16), static_cast<char>(value >> 8),
          static_cast<char>(value)};
}
std::string little32(std::uint64_t value) {
  const std::string big = big32(value);
  return {big.rbegin(), big.rend()};
}

struct Message {
  std::uint64_t handle = 0;
  std::uint64_t type = replication;
  std::string body;
  std::uint64_t opcode = 0x7800;

  std::string behind_length() const { return big32(opcode) + big32(handle) + big32(type) + body; }
  std::string wire() const { return stating(behind_length().size()); }
  std::string stating(std::uint64_t size) const { return big32(size) + behind_length(); }
};

constexpr std::uint64_t kClients = 0x11111111, kServers = 0x22222222;

std::string start_of(std::uint64_t own, std::uint64_t handle = 0, std::uint64_t type = start) {
  return Message{handle, type, big32(own) + "\0\2\0\5"s + std::string(21, '\0')}.wire();
}
Message replicate(unsigned command, const std::string& body, std::uint64_t handle = kServers) {
  return {handle, replication, "\0\0\0"s + static_cast<char>(command) + body};
}
std::vector<Sent> associated(const std::string& then_client, const std::string& then_server = "") {
  return {client(start_of(kClients)), server(start_of(kServers, kClients, start_reply)), client(then_client),
          server(then_server)};
}
std::string owners(std::size_t count) { return std::string(24 * count, 'o') + "init"; }
std::string padded(const std::string& name) { return name + std::string(4 - name.size() % 4, '\0'); }
std::string name_of(const std::string& name, std::uint64_t flags, const std::string& addresses) {
  return big32(name.size()) + padded(name) + big32(flags) + little32(0) + std::string(8, 'v') + addresses +
         "\xff\xff\xff\xff";
}
const std::string kUnique = name_of("SERVER1         \x20", 0x60, "addr");
std::string group_of(std::uint64_t stated, std::size_t held) {
  return name_of("DOMAIN         \x1c", 0x62, little32(stated) + std::string(8 * held, 'a'));
}

class Wins : public testing::TestWithParam<ShownCase> {};
TEST_P(Wins, ShowsHoweverItIsCut) { expect_shown(describe(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    Associations, Wins,
    testing::Values(
        ShownCase{
            "Types", associated(Message{kServers, stop, big32(0)}.wire()), "c wins.message_type", {"0", "2"}},
        ShownCase{"Reply", associated(""), "s wins.message_type", {"1"}},
        ShownCase{"Size", associated(""), "c wins.size", {"41"}},
        ShownCase{"Handle", associated(""), "s wins.assoc_ctx", {"286331153"}},
        ShownCase{"Own", associated(replicate(0, "").wire()), "c wins.foreign_assoc_ctx", {"0", "0"}},
        ShownCase{"OwnOfTheServer",
                  associated("", replicate(0, "", kClients).wire()),
                  "s wins.foreign_assoc_ctx",
                  {"0", "0"}},
        ShownCase{"AnotherThanGiven",
                  associated(replicate(0, "", kServers + 1).wire()),
                  "c wins.foreign_assoc_ctx",
                  {"0", "1"},
                  {"c wins.foreign_assoc_ctx"}},
        ShownCase{"NothingWhereOneWasGiven",
                  associated(replicate(0, "", 0).wire()),
                  "c wins.foreign_assoc_ctx",
                  {"0", "1"},
                  {"c wins.foreign_assoc_ctx"}},
        ShownCase{"TheClientsOwn",
                  associated(replicate(0, "", kClients).wire()),
                  "c wins.foreign_assoc_ctx",
                  {"0", "1"},
                  {"c wins.foreign_assoc_ctx"}},
        ShownCase{"BeforeAnyAssociation",
                  {client(replicate(0, "").wire())},
                  "c wins.foreign_assoc_ctx",
                  {"1"},
                  {"c wins.foreign_assoc_ctx"}},
        ShownCase{"BeforeTheAnswer",
                  {client(start_of(kClients) + replicate(0, "").wire()),
                   server(start_of(kServers, kClients, start_reply))},
                  "c wins.foreign_assoc_ctx",
                  {"0", "1"},
                  {"c wins.foreign_assoc_ctx"}},
        ShownCase{"OfTheServer",
                  associated("", replicate(0, "", 5).wire()),
                  "s wins.foreign_assoc_ctx",
                  {"0", "1"},
                  {"s wins.foreign_assoc_ctx"}},
        ShownCase{"BegunAnew",
                  associated(start_of(77), replicate(0, "", 77).wire()),
                  "s wins.foreign_assoc_ctx",
                  {"0", "0"}},
        ShownCase{
            "NoKnownType", associated(Message{kServers, 9, "x"}.wire()), "c wins.message_type", {"0", "9"}},
        ShownCase{"OtherBitsOfTheOpcode",
                  associated(Message{9, 9, "x", 0xffffffff}.wire()),
                  "c wins.foreign_assoc_ctx",
                  {"0", "1"},
                  {"c wins.foreign_assoc_ctx"}},
        ShownCase{"NotAboutReplication",
                  associated(Message{9, 9, "x", 0x2800}.wire() + replicate(0, "").wire()),
                  "c wins.foreign_assoc_ctx",
                  {"0", "0"},
                  {"c wins.other_message"}},
        ShownCase{"HandleLost",
                  {client(start_of(kClients)), {Side::server, "x", 45}, client(replicate(0, "").wire())},
                  "c wins.foreign_assoc_ctx",
                  {"0"},
                  {"s wins.gap"}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Records, Wins,
    testing::Values(
        ShownCase{"Command", associated(replicate(4, big32(1) + owners(1)).wire()), "c wins.command", {"4"}},
        ShownCase{"CommandBehindWhatIsIgnored",
                  associated(Message{kServers, 3, "\1\2\3\0"s}.wire()),
                  "c wins.command",
                  {"0"}},
        ShownCase{
            "Owners", associated(replicate(4, big32(2) + owners(2)).wire()), "c wins.record_count", {"2"}},
        ShownCase{
            "OwnersFit", associated(replicate(4, big32(2) + owners(2)).wire()), "c wins.overrun", {"0", "0"}},
        ShownCase{
            "NoOwners", associated(replicate(9, big32(0) + owners(0)).wire()), "c wins.overrun", {"0", "0"}},
        ShownCase{"OneOwnerTooFew",
                  associated(replicate(4, big32(3) + owners(2)).wire()),
                  "c wins.overrun",
                  {"0", "20"},
                  {"c wins.records_outside"}},
        ShownCase{"WithoutInitiator",
                  associated(replicate(8, big32(1) + std::string(24, 'o')).wire()),
                  "c wins.overrun",
                  {"0", "4"},
                  {"c wins.records_outside"}},
        ShownCase{"OwnersThatWrapRound",
                  associated(replicate(5, big32(0x0aaaaaab) + owners(1)).wire()),
                  "c wins.overrun",
                  {"0", "4294967276"},
                  {"c wins.records_outside"}},
        ShownCase{"OwnersOfTheServer",
                  associated("", replicate(1, big32(0xffffffff) + owners(1), kClients).wire()),
                  "s wins.overrun",
                  {"0", "103079215052"},
                  {"s wins.records_outside"}},
        ShownCase{"OwnersWithoutNumber",
                  associated(replicate(4, "").wire()),
                  "c wins.overrun",
                  {"0", "4"},
                  {"c wins.records_outside"}},
        ShownCase{
            "Request", associated(replicate(2, std::string(24, 'o')).wire()), "c wins.overrun", {"0", "0"}},
        ShownCase{"RequestCut",
                  associated(replicate(2, std::string(23, 'o')).wire()),
                  "c wins.overrun",
                  {"0", "1"},
                  {"c wins.short_message"}},
        ShownCase{"Names",
                  associated("", replicate(3, big32(2) + kUnique + group_of(2, 2), kClients).wire()),
                  "s wins.overrun",
                  {"0", "0"}},
        ShownCase{"LongestName",
                  associated("", replicate(3, big32(2) + kUnique + group_of(0, 0), kClients).wire()),
                  "s wins.name_length",
                  {"17"}},
        ShownCase{"MostAddresses",
                  associated("", replicate(3, big32(2) + group_of(2, 2) + group_of(1, 1), kClients).wire()),
                  "s wins.address_count",
                  {"2"}},
        ShownCase{"NameTooLong",
                  associated("", replicate(3, big32(1) + big32(60) + std::string(60, 'n'), kClients).wire()),
                  "s wins.overrun",
                  {"0", "20"},
                  {"s wins.records_outside"}},
        ShownCase{
            "NameOfAllBytes",
            associated("",
                       replicate(3, big32(1) + big32(0xffffffff) + std::string(60, 'n'), kClients).wire()),
            "s wins.overrun",
            {"0", "4294967252"},
            {"s wins.records_outside"}},
        ShownCase{"AddressesTooMany",
                  associated("", replicate(3, big32(1) + group_of(3, 2), kClients).wire()),
                  "s wins.overrun",
                  {"0", "4"},
                  {"s wins.records_outside"}},
        ShownCase{"AddressesThatWrapRound",
                  associated("", replicate(3, big32(1) + group_of(0x20000001, 1), kClients).wire()),
                  "s wins.overrun",
                  {"0", "4294967292"},
                  {"s wins.records_outside"}},
        ShownCase{"MoreNamesThanThereAre",
                  associated("", replicate(3, big32(3) + kUnique + kUnique, kClients).wire()),
                  "s wins.overrun",
                  {"0", "4"},
                  {"s wins.records_outside"}},
        ShownCase{"NoTail",
                  associated("", replicate(3, big32(1) + group_of(1, 1).substr(0, 52), kClients).wire()),
                  "s wins.overrun",
                  {"0", "4"},
                  {"s wins.records_outside"}}),
    by_name);

INSTANTIATE_TEST_SUITE_P(
    Sizes, Wins,
    testing::Values(
        ShownCase{
            "Empty", {client(big32(0) + start_of(1))}, "c wins.size", {"0", "41"}, {"c wins.short_message"}},
        ShownCase{"HeadCut",
                  {client(big32(11) + std::string(11, 'x'))},
                  "c wins.overrun",
                  {"1"},
                  {"c wins.short_message"}},
        ShownCase{"StartCut",
                  {client(Message{0, start, "handle!"}.wire())},
                  "c wins.overrun",
                  {"1"},
                  {"c wins.short_message"}},
        ShownCase{"StopCut",
                  {client(Message{0, stop, "xyz"}.wire())},
                  "c wins.overrun",
                  {"1"},
                  {"c wins.short_message"}},
        ShownCase{"CommandCut",
                  {client(Message{0, replication, "\0\0\0"s}.wire())},
                  "c wins.overrun",
                  {"1"},
                  {"c wins.short_message"}},
        // 1,024 bytes are kept.
        ShownCase{"RecordsBehindTheLimit",
                  {client(replicate(4, big32(100) + owners(100), 0).wire() + start_of(1))},
                  "c wins.overrun",
                  {"0", "0"},
                  {"c wins.message_limit"}},
        ShownCase{"StatedBehindTheLimit",
                  {client(replicate(4, big32(101) + owners(100), 0).wire())},
                  "c wins.overrun",
                  {"20"},
                  {"c wins.message_limit", "c wins.records_outside"}},
        ShownCase{"NotWhole", {client(replicate(4, "x").stating(1000))}, "c wins.size", {}}),
    by_name);

class WinsProbe : public testing::TestWithParam<Opening> {};
TEST_P(WinsProbe, Guesses) { expect_taken_for(describe(), GetParam()); }

INSTANTIATE_TEST_SUITE_P(
    Wins, WinsProbe,
    testing::Values(Opening{"Nothing", Side::client, "", Guess::maybe},
                    Opening{"Start", Side::client, start_of(kClients), Guess::yes},
                    Opening{"StartCut", Side::client, start_of(kClients).substr(0, 15), Guess::maybe},
                    Opening{"Reply", Side::server, start_of(kServers, kClients, start_reply), Guess::yes},
                    Opening{"StartOfAServer", Side::server, start_of(kServers), Guess::no},
                    Opening{"Replication", Side::client, replicate(0, "").wire(), Guess::no},
                    Opening{"ReplicationOnOwnPort", Side::client, replicate(0, "").wire(), Guess::yes, 42},
                    Opening{"TextOnOwnPort", Side::client, "GET / HTTP/1.1\r\n\r\n", Guess::no, 42},
                    Opening{"OtherOpcode", Side::client, Message{0, 0, std::string(29, '\0'), 0x17800}.wire(),
                            Guess::no}),
    by_name);

TEST(WinsProbe, LeavesOthersAlone) { expect_leaves_others_alone(describe()); }

TEST(WinsLimits, MemoryIsGivenBack) {
  expect_memory_given_back(describe(),
                           {client(start_of(1) + replicate(4, big32(160) + owners(160), 0).wire())},
                           "c wins.memory_limit");
}

TEST(WinsParser, AllocatesNothingOnceWarm) {
  const LoneParser parser(describe());
  QuietReader reader(describe());
  const auto dialogue = associated(replicate(4, big32(20) + owners(20)).wire(),
                                   replicate(3, big32(1) + kUnique, kClients).wire());
  const auto run = [&] {
    parser->reset({.wanted = ~0ULL});
    feed(*parser, dialogue, 7, reader);
  };
  run();
  const AllocationCounter allocations;
  run();
  EXPECT_EQ(allocations.count(), 0u);
}

}  // namespace
}  // namespace bansoko::proto::wins
