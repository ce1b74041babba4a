// SPDX-License-Identifier: Apache-2.0
#include "explain/explanation.h"

#include <chrono>

#include <gtest/gtest.h>

#include "explain/facts.h"
#include "explain/summary.h"
#include "tests/cases.h"

namespace bansoko::explain {
namespace {

const Catalogue& shipped() {
  static const auto catalogue = Catalogue::read(shipped_messages());
  return *catalogue;
}

const Words kWhy{.en = "SMB1: an FEA list of {smb1.fea_list_size} bytes (CVE-2017-0144).",
                 .ja = "SMB1: {smb1.fea_list_size} バイトの FEA リストです (CVE-2017-0144)。"};
const Words kWithoutCve{.en = "HTTP: \"{matched}\" climbs.", .ja = "HTTP: \"{matched}\" が不正です。"};

event::Event alert() {
  event::Event event;
  event.type = "alert";
  event.time = std::chrono::system_clock::time_point(std::chrono::seconds(1'795'315'620));
  event.id = "20261122-024700-1f3a-17";
  event.packet_number = 7;
  event.flow_id = 3;
  event.source = {"192.0.2.1", 40000};
  event.dest = {"198.51.100.2", 445};
  event.transport = "TCP";
  event.app_protocol = "smb";
  event.direction = "to_server";
  event.alert = event::Alert{.action = "blocked",
                             .gid = 1,
                             .signature_id = 9100003,
                             .rev = 1,
                             .signature = "long list",
                             .category = "Attempt",
                             .severity = 1,
                             .references = {"cve,2017-0144", "url,example.org"},
                             .metadata = {}};
  event.matched = event::Matched{.buffer = "smb1.fea_list_size",
                                 .offset = 0,
                                 .size = 5,
                                 .bytes = "65536",
                                 .fields = {{"smb1.fea_list_size", 65536}}};
  event.verdict =
      event::Verdict{.action = "block", .reason = "rule", .mode = "enforce", .refused_packets = 0};
  return event;
}

event::Event with(void (*change)(event::Event&), event::Event event = alert()) {
  change(event);
  return event;
}

event::Event anomaly(const std::string& name, const std::string& reason) {
  event::Event event = alert();
  event.type = "anomaly";
  event.alert.reset();
  event.matched.reset();
  event.name = name;
  event.verdict->action = "drop";
  event.verdict->reason = reason;
  return event;
}

event::Event scan() {
  event::Event event = alert();
  event.name = "recon.port_scan";
  event.recon = event::Recon{.direction = "inbound",
                             .count = 1200,
                             .window = 60,
                             .hosts = {"198.51.100.2"},
                             .ports = {22, 23},
                             .quarantine = "observed"};
  return event;
}

event::Event software() {
  event::Event event;
  event.type = "inventory";
  event.name = "host.software";
  event.software =
      event::Software{.host = "192.0.2.1", .port = 445, .topic = "smb.native_os", .said = "Windows 5.1"};
  return event;
}

event::Event infected() {
  event::Event event = alert();
  event.name = "host.infected";
  event.infected =
      event::Infected{.host = "192.0.2.1", .kind = "answer", .sid = 1000, .quarantine = "observed"};
  return event;
}

event::Event engine() {
  event::Event event;
  event.type = "engine";
  event.name = "rules.reloaded";
  event.message = "12 rules";
  return event;
}

event::Event flow_end() {
  event::Event event = alert();
  event.type = "engine";
  event.verdict->refused_packets = 3;
  return event;
}

struct Case {
  std::string name;
  event::Event event;
  const Words* why;
  bool ended;
  std::string en, ja;
};

class Summary : public testing::TestWithParam<Case> {};

TEST_P(Summary, IsSaidInBothLanguages) {
  const Case& row = GetParam();
  const auto end = row.ended ? std::optional(flow_end()) : std::nullopt;
  EXPECT_EQ(summary(row.event, end, row.why, Voice(shipped(), Lang::en)), row.en);
  EXPECT_EQ(summary(row.event, end, row.why, Voice(shipped(), Lang::ja)), row.ja);
}

INSTANTIATE_TEST_SUITE_P(
    Explain, Summary,
    testing::Values(
        Case{"Patch", alert(), &kWhy, true,
             "SMB1: an FEA list of 65,536 bytes (CVE-2017-0144). The packet was dropped, and with it the "
             "rest of "
             "its flow. Later packets of the flow refused by the engine: 3.",
             "SMB1: 65,536 バイトの FEA リストです "
             "(CVE-2017-0144)。パケットを破棄し、フローの残りも遮断しました。"
             "その後エンジンが拒否したこのフローのパケット: 3 個。"},
        Case{"PatchOfAnOlderEvent", with([](event::Event& e) { e.matched->fields.clear(); }), &kWhy, false,
             "SMB1: an FEA list of (not recorded) bytes (CVE-2017-0144). The packet was dropped, and with it "
             "the "
             "rest of its flow.",
             "SMB1: (記録なし) バイトの FEA リストです (CVE-2017-0144)。パケットを破棄し、"
             "フローの残りも遮断しました。"},
        Case{"PatchThatNamesNoCve", with([](event::Event& e) { e.matched->bytes = "../\x1b"; }), &kWithoutCve,
             false,
             "HTTP: \"../\\x1b\" climbs. The hole is CVE-2017-0144. The packet was dropped, and with it the "
             "rest "
             "of its flow.",
             "HTTP: \"../\\x1b\" が不正です。対象の脆弱性は CVE-2017-0144 です。パケットを破棄し、"
             "フローの残りも遮断しました。"},
        Case{
            "Observed", with([](event::Event& e) { e.verdict->mode = "observe"; }), &kWhy, false,
            "SMB1: an FEA list of 65,536 bytes (CVE-2017-0144). Mode observe: the packet passed. In mode "
            "enforce "
            "it would have been dropped, and with it the rest of its flow.",
            "SMB1: 65,536 バイトの FEA リストです (CVE-2017-0144)。観測モードのため、パケットは通過しました。"
            "遮断モードであれば、このパケットを破棄し、フローの残りも遮断します。"},
        Case{"RuleAboutFields", alert(), nullptr, false,
             "SMB: rule 9100003 spoke: long list. It compared smb1.fea_list_size 65,536. The hole is "
             "CVE-2017-0144. The packet was dropped, and with it the rest of its flow.",
             "SMB: ルール 9100003 が検知しました: long list。比較した値: smb1.fea_list_size 65,536。"
             "対象の脆弱性は CVE-2017-0144 です。パケットを破棄し、フローの残りも遮断しました。"},
        Case{"RuleAboutContents", with([](event::Event& e) {
               e.matched = event::Matched{
                   .buffer = "http.uri", .offset = 4, .size = 2000, .bytes = "x", .fields = {}};
               e.alert->references.clear();
               e.verdict->action = "accept";
             }),
             nullptr, false,
             "SMB: rule 9100003 spoke: long list. It found 2,000 bytes at offset 4 of http.uri. The packet "
             "passed.",
             "SMB: ルール 9100003 が検知しました: long list。http.uri のオフセット 4 から 2,000 "
             "バイトが一致しました。"
             "パケットは通過しました。"},
        Case{"RuleAboutWhatAParserNotes", with([](event::Event& e) {
               e.matched = event::Matched{
                   .buffer = "http.uri_nul", .offset = 0, .size = 0, .bytes = {}, .fields = {}};
               e.alert->references.clear();
             }),
             nullptr, false,
             "SMB: rule 9100003 spoke: long list. The path or query has a NUL. The packet was dropped, and "
             "with "
             "it the rest of its flow.",
             "SMB: ルール 9100003 が検知しました: long list。パスまたはクエリに NUL が含まれています。"
             "パケットを破棄し、フローの残りも遮断しました。"},
        Case{"Excepted", with([](event::Event& e) {
               e.type = "exception";
               e.name = "scanner";
               e.verdict->action = "accept";
               e.verdict->reason = "exception";
             }),
             &kWhy, false,
             "SMB1: an FEA list of 65,536 bytes (CVE-2017-0144). The exception \"scanner\" lets this match "
             "have "
             "no effect. The packet passed.",
             "SMB1: 65,536 バイトの FEA リストです (CVE-2017-0144)。例外「scanner」に該当するため、"
             "この検知による処理は行いません。パケットは通過しました。"},
        Case{"Anomaly", anomaly("ipv4.total_length", "malformed"), nullptr, false,
             "The IPv4 header states a total length that does not fit the packet. The packet was dropped.",
             "IPv4 ヘッダーの全長が実際のパケットと合いません。パケットを破棄しました。"},
        Case{"AnomalyThatIsItsReason", anomaly("cannot_record", "cannot_record"), nullptr, false,
             "Its flow began while events could not be written. The packet was dropped.",
             "イベントを記録できない間に始まったフローです。パケットを破棄しました。"},
        Case{"Scan", scan(), nullptr, false,
             "Port scan: within 60 seconds at least 1,200 ports of 198.51.100.2 refused 192.0.2.1 or did not "
             "answer. Mode observe: in mode enforce the source would have been shut out.",
             "ポートスキャン: 192.0.2.1 が 60 秒間に 198.51.100.2 の 1,200 個以上のポートへ接続を試み、"
             "拒否されたか応答がありませんでした。観測モードのため隔離していません。遮断モードであれば、"
             "送信元を隔離します。"},
        Case{"Software", software(), nullptr, false,
             "192.0.2.1 says of itself (smb.native_os): \"Windows 5.1\". This is a claim, noted in passing "
             "for "
             "the inventory; nothing was refused.",
             "192.0.2.1 は自身について次のように示しています (smb.native_os): 「Windows 5.1」。"
             "通信から記録した資産情報で、証明ではありません。拒否した通信はありません。"},
        Case{"Infected", infected(), nullptr, false,
             "192.0.2.1 seems to be infected: it answered as only an infected host does (rule 1000). Mode "
             "observe: in mode enforce the connections that the host begins would be dropped for a time.",
             "192.0.2.1 は感染している可能性があります。感染したホストだけが返す応答を送信しました "
             "(ルール 1000)。観測モードのため隔離していません。遮断モードであれば、"
             "このホストが開始する接続を一定時間すべて破棄します。"},
        Case{"Engine", engine(), nullptr, false, "The rules were loaded anew. 12 rules.",
             "ルールを再読み込みしました。詳細: 12 rules"},
        Case{"CodesOfAnotherVersion", anomaly("quic.unheard_of", "unheard_of"), nullptr, false,
             "The packet was dropped.", "パケットを破棄しました。"}),
    by_name);

TEST(Facts, InEnglish) {
  EXPECT_EQ(facts(alert(), flow_end(), Voice(shipped(), Lang::en)),
            "event       20261122-024700-1f3a-17 (alert)\n"
            "time        2026-11-22 02:47:00 UTC\n"
            "packet      number 7: TCP 192.0.2.1 port 40000 to 198.51.100.2 port 445\n"
            "flow        3, to_server\n"
            "protocol    smb\n"
            "field       smb1.fea_list_size\n"
            "compared    smb1.fea_list_size 65,536\n"
            "rule        1:9100003:1 long list\n"
            "            Attempt, severity 1\n"
            "            cve,2017-0144\n"
            "            url,example.org\n"
            "verdict     block (rule), enforce\n"
            "            A drop or reject rule spoke.\n"
            "later       the blocked flow is over; 3 packets were refused by the engine itself\n"
            "rules       generation 0\n");
}

TEST(Facts, InJapanese) {
  EXPECT_EQ(facts(scan(), std::nullopt, Voice(shipped(), Lang::ja)),
            "イベント          20261122-024700-1f3a-17 (alert)\n"
            "日時              2026-11-22 02:47:00 UTC\n"
            "種類              recon.port_scan\n"
            "試行              最後の試行: TCP 192.0.2.1 ポート 40000 から 198.51.100.2 ポート 445 へ\n"
            "フロー            3, to_server\n"
            "プロトコル        smb\n"
            "方向              inbound\n"
            "ホスト            198.51.100.2\n"
            "ポート            22, 23\n"
            "隔離              観測モードのため隔離していません。遮断モードであれば、送信元を隔離します。\n"
            "フィールド        smb1.fea_list_size\n"
            "比較した値        smb1.fea_list_size 65,536\n"
            "ルール            1:9100003:1 long list\n"
            "                  Attempt、重大度 1\n"
            "                  cve,2017-0144\n"
            "                  url,example.org\n"
            "判定              block (rule), enforce\n"
            "                  drop または reject ルールが検知しました。\n"
            "ルールの世代      第 0 世代\n");
}

TEST(Facts, OfBytesSayWhereAndWhat) {
  const auto event = with([](event::Event& e) {
    e.matched = event::Matched{.buffer = "http.uri", .offset = 1, .size = 4, .bytes = "/a\n", .fields = {}};
  });
  EXPECT_NE(facts(event, std::nullopt, Voice(shipped(), Lang::en))
                .find("field       http.uri\n"
                      "matched     4 bytes at offset 1\n"
                      "value       \"/a\\x0a\" …\n"),
            std::string::npos);
}

TEST(Facts, NamesNumbersThatHaveNames) {
  const auto event = with([](event::Event& e) {
    e.matched->fields = {{"smb1.trans_command", 35}, {"smb1.max_parameter_count", 65535}};
  });
  EXPECT_NE(facts(event, std::nullopt, Voice(shipped(), Lang::en))
                .find("compared    smb1.trans_command 35 (peek_nmpipe), smb1.max_parameter_count 65,535\n"),
            std::string::npos);
}

TEST(Words, AreThoseOfTheVeryRule) {
  patches::Library library;
  patches::LibraryPatch patch;
  patch.patch.explanations = {{9100003, kWhy}};
  patch.rules.push_back({.text = {}, .sid = 9100003, .rev = 1, .message = {}, .cves = {}});
  library.patches.push_back(std::move(patch));
  ASSERT_NE(words_for(*alert().alert, library), nullptr);
  EXPECT_EQ(words_for(*alert().alert, library)->en, kWhy.en);
  EXPECT_EQ(words_for(*with([](event::Event& e) { e.alert->rev = 2; }).alert, library), nullptr);
  EXPECT_EQ(words_for(*with([](event::Event& e) { e.alert->gid = 900; }).alert, library), nullptr);
  EXPECT_EQ(words_for(*with([](event::Event& e) { e.alert->signature_id = 1; }).alert, library), nullptr);
}

struct Locale {
  std::string name;
  const char *all, *messages, *lang;
  Lang want;
};

class LangOfEnvironment : public testing::TestWithParam<Locale> {};

TEST_P(LangOfEnvironment, IsTheFirstThatSaysSomething) {
  EXPECT_EQ(lang_of_environment(GetParam().all, GetParam().messages, GetParam().lang), GetParam().want);
}

INSTANTIATE_TEST_SUITE_P(Explain, LangOfEnvironment,
                         testing::Values(Locale{"Unset", nullptr, nullptr, nullptr, Lang::en},
                                         Locale{"Lang", nullptr, nullptr, "ja_JP.UTF-8", Lang::ja},
                                         Locale{"EmptyIsUnset", "", "", "ja", Lang::ja},
                                         Locale{"MessagesFirst", nullptr, "en_GB.UTF-8", "ja_JP.UTF-8",
                                                Lang::en},
                                         Locale{"AllBeforeAll", "C", "ja_JP.UTF-8", "ja_JP.UTF-8", Lang::en},
                                         Locale{"OtherLanguage", nullptr, nullptr, "de_DE.UTF-8", Lang::en}),
                         by_name);

TEST(WithCommas, InThrees) {
  EXPECT_EQ(with_commas(0), "0");
  EXPECT_EQ(with_commas(999), "999");
  EXPECT_EQ(with_commas(1000), "1,000");
  EXPECT_EQ(with_commas(18'446'744'073'709'551'615U), "18,446,744,073,709,551,615");
}

}  // namespace
}  // namespace bansoko::explain
