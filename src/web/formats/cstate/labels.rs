//! cState's words in the languages of its sites, for badges and feeds.

use crate::web::parts::look::sign::Sign;

/// cState's words in one language.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CstateLabels {
    /// The label of a working component.
    ok: &'static str,
    /// ... that has something to know.
    notice: &'static str,
    /// ... that is slow or partly failing.
    disrupted: &'static str,
    /// ... that does not work.
    down: &'static str,
    /// ... that cannot be seen; cState knows no such thing.
    unknown: &'static str,
    /// The bracketed prefix of the title of a resolved incident.
    pub(crate) resolved: &'static str,
    /// What the feed is.
    pub(crate) history: &'static str,
}

impl CstateLabels {
    /// The word for a sign.
    pub(crate) fn sign(&self, sign: Sign) -> &'static str {
        match sign {
            Sign::Ok => self.ok,
            Sign::Unknown => self.unknown,
            // cState's word for a notice is that of maintenance.
            Sign::Notice | Sign::Maintenance => self.notice,
            Sign::Disrupted => self.disrupted,
            Sign::Down => self.down,
        }
    }
}

/// The labels of a language by its tag; English for all other languages.
pub(crate) fn labels(language: &str) -> CstateLabels {
    let words = match language.split(['-', '_']).next().unwrap_or_default() {
        "de" => DE,
        "fr" => FR,
        "es" => ES,
        "it" => IT,
        "pt" => PT,
        "nl" => NL,
        "ja" => JA,
        "pl" => PL,
        "uk" => UK,
        "zh" => ZH,
        "ko" => KO,
        "tr" => TR,
        "ar" => AR,
        _ => EN,
    };
    let [ok, notice, disrupted, down, unknown, resolved, history] = words;
    CstateLabels {
        ok,
        notice,
        disrupted,
        down,
        unknown,
        resolved,
        history,
    }
}

/// In the order of the fields.
type LabelTexts = [&'static str; 7];

const EN: LabelTexts = [
    "Operational",
    "Maintenance",
    "Disrupted",
    "Down",
    "Unknown",
    "Resolved",
    "Incident history",
];
const DE: LabelTexts = [
    "Funktionsbereit",
    "Wartung",
    "Störung",
    "Ausfall",
    "Unbekannt",
    "Gelöst",
    "Vorfallshistorie",
];
const FR: LabelTexts = [
    "Opérationnel",
    "Maintenance",
    "Perturbé",
    "Arrêté",
    "Inconnu",
    "Résolu",
    "Historique des incidents",
];
const ES: LabelTexts = [
    "Funcional",
    "Mantenimiento",
    "Interrumpido",
    "Caído",
    "Desconocido",
    "Resuelto",
    "Historial de incidentes",
];
const IT: LabelTexts = [
    "Operativo",
    "Manutenzione",
    "Irregolare",
    "Disservizio",
    "Sconosciuto",
    "Risolto",
    "Storico degli incidenti",
];
const PT: LabelTexts = [
    "Funcionando",
    "Manutenção",
    "Interrompido",
    "Baixo",
    "Desconhecido",
    "Resolvido",
    "Histórico de incidentes",
];
const NL: LabelTexts = [
    "Operationeel",
    "Onderhoud",
    "Onderbroken",
    "Down",
    "Onbekend",
    "Opgelost",
    "Incidentgeschiedenis",
];
const JA: LabelTexts = [
    "正常",
    "メンテナンス",
    "軽微な障害",
    "重大な障害",
    "不明",
    "解決済み",
    "障害履歴",
];
const PL: LabelTexts = [
    "Działa",
    "Prace serwisowe",
    "Zakłócenia",
    "Awaria",
    "Brak danych",
    "Rozwiązano",
    "Historia incydentów",
];
const UK: LabelTexts = [
    "Працює",
    "Технічні роботи",
    "Перебої",
    "Не працює",
    "Немає даних",
    "Вирішено",
    "Історія інцидентів",
];
const ZH: LabelTexts = [
    "运行正常",
    "维护中",
    "部分异常",
    "服务中断",
    "未知",
    "已解决",
    "事件历史",
];
const KO: LabelTexts = [
    "정상",
    "점검 중",
    "일부 장애",
    "서비스 중단",
    "알 수 없음",
    "해결됨",
    "장애 기록",
];
const TR: LabelTexts = [
    "Çalışıyor",
    "Bakımda",
    "Aksama var",
    "Hizmet dışı",
    "Bilinmiyor",
    "Çözüldü",
    "Olay geçmişi",
];
const AR: LabelTexts = [
    "يعمل",
    "صيانة",
    "اضطراب",
    "متوقف",
    "غير معروف",
    "تم الحل",
    "سجل الحوادث",
];
