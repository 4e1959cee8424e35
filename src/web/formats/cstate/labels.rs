//! cState's words in the languages of its sites, for badges and feeds.

use crate::web::parts::sign::Sign;

/// cState's words in one language.
#[derive(Clone, Copy, Debug)]
pub struct Labels {
    /// What a component is called that works.
    ok: &'static str,
    /// ... that has something to know.
    notice: &'static str,
    /// ... that is slow or partly failing.
    disrupted: &'static str,
    /// ... that does not work.
    down: &'static str,
    /// ... that cannot be seen; cState knows no such thing.
    unknown: &'static str,
    /// Stands in brackets before the title of what is over.
    pub resolved: &'static str,
    /// What the feed is.
    pub history: &'static str,
}

impl Labels {
    /// The word for a sign.
    pub fn sign(&self, sign: Sign) -> &'static str {
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

/// The words of a language by its tag; English for those that are not here.
pub fn labels(language: &str) -> Labels {
    let words = match language.split(['-', '_']).next().unwrap_or_default() {
        "de" => DE,
        "fr" => FR,
        "es" => ES,
        "it" => IT,
        "pt" => PT,
        "nl" => NL,
        "ja" => JA,
        _ => EN,
    };
    let [ok, notice, disrupted, down, unknown, resolved, history] = words;
    Labels {
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
type Words = [&'static str; 7];

const EN: Words = [
    "Operational",
    "Maintenance",
    "Disrupted",
    "Down",
    "Unknown",
    "Resolved",
    "Incident history",
];
const DE: Words = [
    "Funktionsbereit",
    "Wartung",
    "Störung",
    "Ausfall",
    "Unbekannt",
    "Gelöst",
    "Vorfallshistorie",
];
const FR: Words = [
    "Opérationnel",
    "Maintenance",
    "Perturbé",
    "Arrêté",
    "Inconnu",
    "Résolu",
    "Historique des incidents",
];
const ES: Words = [
    "Funcional",
    "Mantenimiento",
    "Interrumpido",
    "Caído",
    "Desconocido",
    "Resuelto",
    "Historial de incidentes",
];
const IT: Words = [
    "Operativo",
    "Manutenzione",
    "Irregolare",
    "Disservizio",
    "Sconosciuto",
    "Risolto",
    "Storico degli incidenti",
];
const PT: Words = [
    "Funcionando",
    "Manutenção",
    "Interrompido",
    "Baixo",
    "Desconhecido",
    "Resolvido",
    "Histórico de incidentes",
];
const NL: Words = [
    "Operationeel",
    "Onderhoud",
    "Onderbroken",
    "Down",
    "Onbekend",
    "Opgelost",
    "Incidentgeschiedenis",
];
const JA: Words = [
    "正常",
    "メンテナンス",
    "軽微な障害",
    "重大な障害",
    "不明",
    "解決済み",
    "障害履歴",
];
