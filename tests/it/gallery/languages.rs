//! The same page in other languages, with the names that such a site has.

use critwatch::model::text::language::Language;

use crate::gallery::stage::Stage;

impl Stage {
    pub(super) fn japanese(&mut self) {
        self.language = Language::Ja;
        self.names.title = "ダイスの館".into();
        self.names.description = Some("部屋とダイスの状態を、内と外から測っています。".into());
        let names = [
            "アプリケーション",
            "プログラミングインターフェース",
            "ブログ",
            "キャッシュ",
            "データベース",
            "説明書",
            "状態ページ",
            "ダイス処理",
            "リアルタイム接続",
        ];
        for ((component, _), name) in self.components.iter_mut().zip(names) {
            component.name = name.into();
            component.description = None;
        }
        self.outage();
        let incident = self.incidents.last_mut().unwrap();
        incident.title = "ダイスの結果が表示されない障害が発生しています".into();
        incident.affected = vec![names[1].into(), names[3].into()];
    }

    pub(super) fn german(&mut self) {
        self.language = Language::De;
        self.names.title = "Würfelgemeinschaft".into();
        for ((component, _), name) in self.components.iter_mut().zip([
            "Anwendungsoberfläche",
            "Programmierschnittstelle",
            "Blog",
            "Zwischenspeicher",
            "Datenbankverwaltungssystem",
            "Dokumentation",
            "Zustandsseite",
            "Würfelverarbeitung",
            "Echtzeitverbindungen",
        ]) {
            component.name = name.into();
        }
        self.outage();
        let incident = self.incidents.last_mut().unwrap();
        incident.title = "Würfe schlagen fehl".into();
        incident.affected = vec!["Programmierschnittstelle".into(), "Zwischenspeicher".into()];
    }

    /// A site from right to left: names in Arabic beside names in Latin letters.
    pub(super) fn arabic(&mut self) {
        self.language = Language::Ar;
        self.names.title = "بيت النرد".into();
        self.names.description = Some("رميات وغرف ونرد، تُقاس من الخارج ومن الداخل.".into());
        let names = [
            "التطبيق",
            "API",
            "المدونة",
            "الذاكرة المؤقتة",
            "PostgreSQL 17",
            "الوثائق",
            "صفحة الحالة",
            "معالجة الرميات",
            "WebSockets",
        ];
        for ((component, _), name) in self.components.iter_mut().zip(names) {
            component.name = name.into();
            component.description = None;
        }
        self.figures();
        let open = self.incidents.iter_mut().find(|one| one.is_active());
        let incident = open.unwrap();
        incident.title = "لا تظهر رميات النرد".into();
        incident.affected = [1, 3, 4, 7].map(|at: usize| names[at].to_owned()).into();
        let updates = incident.updates.iter_mut();
        for (update, text) in updates.zip([
            "تتم زيادة الذاكرة. الرميات المنتظرة محفوظة.",
            "الذاكرة ممتلئة، و1,240 رمية قيد الانتظار. قد تُسجَّل خروجك.",
            "رفض Redis أول كتابة (`OOM`).",
        ]) {
            update.text = text.into();
        }
    }
}
