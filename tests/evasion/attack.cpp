// SPDX-License-Identifier: Apache-2.0
#include "tests/evasion/attack.h"

#include <array>

#include "tests/traffic/dcom.h"
#include "tests/traffic/http_attacks.h"
#include "tests/traffic/smb1.h"

namespace bansoko::evasion {
namespace {

namespace dcom = traffic::dcom;
namespace http = traffic::http_attacks;
namespace smb1 = traffic::smb1;

constexpr smb1::Ids kIds{.tree = 2048, .user = 2048};

Messages session() {
  return {smb1::negotiate({}), smb1::session_setup_anonymous({.multiplex = 2}),
          smb1::tree_connect({.user = 2048, .multiplex = 3}, "\\\\server\\IPC$")};
}

Messages after_session(Messages more) {
  Messages all = session();
  for (std::string& message : more) all.push_back(std::move(message));
  return all;
}

Messages code_red() { return {http::code_red()}; }
Messages index_query() {
  return {http::get("/iissamples/issamples/query.idq?CiScope=" + std::string(300, 'x') + "&TemplateName=q")};
}
Messages short_query() { return {http::short_ida_query()}; }
Messages long_query_to_page() { return {http::long_query_to_page()}; }

constexpr std::size_t kPart = 160;

/// The two messages of the hole's condition: begun by NT_TRANSACT, continued by TRANSACTION2_SECONDARY.
Messages mismatch() {
  const std::string data(2 * kPart, 'A');
  return after_session({smb1::nt_transact(kIds, {.function = 1,
                                                 .total_parameters = 0,
                                                 .total_data = 2 * kPart,
                                                 .data = std::string_view(data).substr(kPart)}),
                        smb1::transaction2_secondary(kIds, {.total_data = kPart,
                                                            .displacement = kPart,
                                                            .data = std::string_view(data).substr(kPart)})});
}
Messages matching_parts() {
  const std::string data(2 * kPart, 'A');
  return after_session({smb1::nt_transact(kIds, {.function = 3,
                                                 .total_parameters = 0,
                                                 .total_data = 2 * kPart,
                                                 .data = std::string_view(data).substr(kPart)}),
                        smb1::nt_transact_secondary(kIds, {.total_data = 2 * kPart,
                                                           .displacement = kPart,
                                                           .data = std::string_view(data).substr(kPart)})});
}

/// A write in message mode whose file id is the multiplex id of a transaction still open.
Messages write_into_transaction() {
  return after_session(
      {smb1::transaction({.tree = 2048, .user = 2048, .multiplex = 0x4000},
                         {.setup = 0x36, .total_parameters = 0, .total_data = 400, .data = "AAAA"}),
       smb1::write_andx(kIds, 0x4000, 0x0008, std::string(kPart, 'B'))});
}
Messages write_into_file() {
  return after_session(
      {smb1::nt_create(kIds, "\\spoolss"), smb1::write_andx(kIds, 0x4000, 0x0008, std::string(kPart, 'B'))});
}

/// An object named by a server's name too long for the place that it is copied to.
Messages activation(std::string_view name) {
  const std::array contexts{dcom::Context{.interface = dcom::kRemoteActivation}};
  return {dcom::bind(1, contexts), dcom::request({.stub = dcom::remote_activation(name)})};
}
Messages long_server_name() { return activation("\\\\" + std::string(200, 'A') + "\\C$\\a.doc"); }
Messages short_server_name() {
  return activation(R"(\\fileserver\documents\)" + std::string(200, 'a') + ".doc");
}

constexpr std::array kAttacks{
    Attack{.name = "code-red",
           .web_server = packet::WebServer::iis6,
           .patch = "ms01-033",
           .attack = code_red,
           .benign = short_query,
           .packet_rule = R"(content:".ida?"; nocase; isdataat:200,relative;)",
           .bytes_rule = R"(content:"/default.ida?NNNN";)",
           .begin_rule = R"(pcre:"/^GET \/default\.ida\?N{100,}[%uN04E]*=a HTTP\/1\.1\r\nHost:/";)"},
    Attack{.name = "index-query",
           .web_server = packet::WebServer::iis6,
           .patch = "ms01-033",
           .attack = index_query,
           .benign = long_query_to_page,
           .packet_rule = R"(content:".idq?"; nocase; isdataat:200,relative;)",
           .bytes_rule = R"(content:"GET /iissamples/issamples/query.idq?CiScope=xxxx";)",
           .begin_rule = R"(pcre:"/^GET \/\S+\.idq\?CiScope=x{200,}&TemplateName=q HTTP\/1\.1\r\nHost:/";)"},
    Attack{.name = "transaction-mismatch",
           .speaks = Speaks::smb,
           .port = 445,
           .patch = "ms17-010",
           .attack = mismatch,
           .benign = matching_parts,
           .packet_rule = R"(content:"|FF|SMB|33|"; offset:4; depth:5;)",
           .bytes_rule = R"(content:"|00 00 00 F0 FF|SMB|33|";)"},
    Attack{.name = "write-into-transaction",
           .speaks = Speaks::smb,
           .port = 445,
           .patch = "ms17-010",
           .attack = write_into_transaction,
           .benign = write_into_file,
           .packet_rule = R"(content:"|FF|SMB|2F|"; offset:4; depth:5;)",
           .bytes_rule = R"(content:"|00 00 00 DF FF|SMB|2F|";)"},
    Attack{
        .name = "activation",
        .speaks = Speaks::rpc,
        .port = 135,
        .patch = "ms03-026",
        .attack = long_server_name,
        .benign = short_server_name,
        .packet_rule = R"(content:"|5C 00 5C 00|"; content:!"|5C 00|"; within:66; distance:0;)",
        .bytes_rule =
            R"(content:"|05 00 0B 03 10 00 00 00|"; content:"|05 00 00 03 10 00 00 00 10 02 00 00 02 00 00 00 F8 01 00 00 00 00 00 00|"; distance:64; within:24;)"},
};

}  // namespace

std::span<const Attack> all_attacks() { return kAttacks; }

}  // namespace bansoko::evasion
