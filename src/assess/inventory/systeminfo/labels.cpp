// SPDX-License-Identifier: Apache-2.0
#include "assess/inventory/systeminfo/labels.h"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <string>

#include "base/text.h"

namespace bansoko::inventory::systeminfo {
namespace {

constexpr std::array kLabels{
    Label{"en", Field::host_name, "host name"},
    Label{"en", Field::os_name, "os name"},
    Label{"en", Field::os_version, "os version"},
    Label{"en", Field::configuration, "os configuration"},
    Label{"en", Field::system_type, "system type"},
    Label{"en", Field::locale, "system locale"},
    Label{"en", Field::domain, "domain"},
    Label{"en", Field::updates, "hotfix(s)"},
    Label{"en", Field::network, "network card(s)"},
    Label{"ja", Field::host_name, "ホスト名"},
    Label{"ja", Field::os_name, "os 名"},
    Label{"ja", Field::os_version, "os バージョン"},
    Label{"ja", Field::configuration, "os 構成"},
    Label{"ja", Field::system_type, "システムの種類"},
    Label{"ja", Field::locale, "システム ロケール"},
    Label{"ja", Field::domain, "ドメイン"},
    Label{"ja", Field::updates, "ホットフィックス"},
    Label{"ja", Field::updates, "修正プログラム"},
    Label{"ja", Field::network, "ネットワーク カード"},
    Label{"de", Field::host_name, "hostname"},
    Label{"de", Field::os_name, "betriebssystemname"},
    Label{"de", Field::os_version, "betriebssystemversion"},
    Label{"de", Field::configuration, "betriebssystemkonfiguration"},
    Label{"de", Field::system_type, "systemtyp"},
    Label{"de", Field::locale, "systemgebietsschema"},
    Label{"de", Field::domain, "domäne"},
    Label{"de", Field::updates, "hotfix(es)"},
    Label{"de", Field::network, "netzwerkkarte(n)"},
    Label{"fr", Field::host_name, "nom de l'hôte"},
    Label{"fr", Field::host_name, "nom de l’hôte"},
    Label{"fr", Field::os_name, "nom du système d'exploitation"},
    Label{"fr", Field::os_name, "nom du système d’exploitation"},
    Label{"fr", Field::os_version, "version du système"},
    Label{"fr", Field::configuration, "configuration du système d'exploitation"},
    Label{"fr", Field::configuration, "configuration du système d’exploitation"},
    Label{"fr", Field::system_type, "type du système"},
    Label{"fr", Field::locale, "option régionale du système"},
    Label{"fr", Field::domain, "domaine"},
    Label{"fr", Field::updates, "correctif(s)"},
    Label{"fr", Field::network, "carte(s) réseau"},
    Label{"es", Field::host_name, "nombre de host"},
    Label{"es", Field::os_name, "nombre del sistema operativo"},
    Label{"es", Field::os_version, "versión del sistema operativo"},
    Label{"es", Field::configuration, "configuración del sistema operativo"},
    Label{"es", Field::system_type, "tipo de sistema"},
    Label{"es", Field::locale, "configuración regional del sistema"},
    Label{"es", Field::domain, "dominio"},
    Label{"es", Field::updates, "revisión(es)"},
    Label{"es", Field::network, "tarjeta(s) de red"},
    Label{"it", Field::host_name, "nome host"},
    Label{"it", Field::os_name, "nome so"},
    Label{"it", Field::os_name, "nome sistema operativo"},
    Label{"it", Field::os_version, "versione so"},
    Label{"it", Field::os_version, "versione sistema operativo"},
    Label{"it", Field::configuration, "configurazione so"},
    Label{"it", Field::configuration, "configurazione sistema operativo"},
    Label{"it", Field::system_type, "tipo sistema"},
    Label{"it", Field::locale, "impostazioni locali sistema"},
    Label{"it", Field::updates, "aggiornamenti rapidi"},
    Label{"it", Field::network, "schede di rete"},
    Label{"ko", Field::host_name, "호스트 이름"},
    Label{"ko", Field::os_name, "os 이름"},
    Label{"ko", Field::os_version, "os 버전"},
    Label{"ko", Field::configuration, "os 구성"},
    Label{"ko", Field::system_type, "시스템 종류"},
    Label{"ko", Field::locale, "시스템 로캘"},
    Label{"ko", Field::domain, "도메인"},
    Label{"ko", Field::updates, "핫픽스"},
    Label{"ko", Field::network, "네트워크 카드"},
    Label{"zh", Field::host_name, "主机名"},
    Label{"zh", Field::os_name, "os 名称"},
    Label{"zh", Field::os_version, "os 版本"},
    Label{"zh", Field::configuration, "os 配置"},
    Label{"zh", Field::system_type, "系统类型"},
    Label{"zh", Field::locale, "系统区域设置"},
    Label{"zh", Field::domain, "域"},
    Label{"zh", Field::updates, "修补程序"},
    Label{"zh", Field::network, "网卡"},
    Label{"zh", Field::host_name, "主機名稱"},
    Label{"zh", Field::os_name, "作業系統名稱"},
    Label{"zh", Field::os_version, "作業系統版本"},
    Label{"zh", Field::configuration, "作業系統設定"},
    Label{"zh", Field::system_type, "系統類型"},
    Label{"zh", Field::locale, "系統地區設定"},
    Label{"zh", Field::domain, "網域"},
    Label{"zh", Field::network, "網路卡"},
    Label{"pt", Field::host_name, "nome do host"},
    Label{"pt", Field::host_name, "nome do anfitrião"},
    Label{"pt", Field::os_name, "nome do sistema operacional"},
    Label{"pt", Field::os_name, "nome do so"},
    Label{"pt", Field::os_version, "versão do sistema operacional"},
    Label{"pt", Field::os_version, "versão do so"},
    Label{"pt", Field::configuration, "configuração do sistema operacional"},
    Label{"pt", Field::configuration, "configuração do so"},
    Label{"pt", Field::system_type, "tipo de sistema"},
    Label{"pt", Field::locale, "localidade do sistema"},
    Label{"pt", Field::domain, "domínio"},
    Label{"pt", Field::network, "placa(s) de rede"},
};

bool says(const std::string& text, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.find(word) != std::string::npos; });
}

}  // namespace

std::optional<Label> find_label(std::string_view text) {
  const std::string wanted = lowered(trim(text));
  const auto* const found =
      std::find_if(kLabels.begin(), kLabels.end(), [&](const Label& label) { return label.text == wanted; });
  if (found == kLabels.end()) return {};
  return *found;
}

DomainRole domain_role(std::string_view configuration) {
  const std::string text = lowered(configuration);
  if (says(text,
           {"domain controller", "domänencontroller", "contrôleur de domaine", "controlador de dom",
            "controller di dominio", "ドメイン コントローラ", "도메인 컨트롤러", "域控制器", "網域控制站"}))
    return DomainRole::domain_controller;
  const bool member =
      says(text, {"member", "mitglied", "membre", "miembro", "membro", "メンバ", "구성원", "成员", "成員"});
  if (says(text, {"workstation", "arbeitsstation", "station de travail", "estación de trabajo",
                  "estação de trabalho", "ワークステーション", "워크스테이션", "工作站"}))
    return member ? DomainRole::member_workstation : DomainRole::standalone_workstation;
  if (says(text, {"server", "serveur", "servidor", "サーバ", "서버", "服务器", "伺服器"}))
    return member ? DomainRole::member_server : DomainRole::standalone_server;
  return DomainRole::unknown;
}

}  // namespace bansoko::inventory::systeminfo
