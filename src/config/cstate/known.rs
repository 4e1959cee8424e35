//! The keys that cState and Hugo know, as their documents write them.

/// Hugo's own keys that matter here; the others at the top are left in peace.
pub(crate) const TOP: [&str; 9] = [
    "title",
    "baseURL",
    "buildFuture",
    "languageCode",
    "locale",
    "defaultContentLanguage",
    "timeZone",
    "contentDir",
    "params",
];

/// Keys below `params`.
pub(crate) const PARAMS: [&str; 33] = [
    "systems",
    "categories",
    "customTabs",
    "description",
    "dateFormat",
    "shortDateFormat",
    "useLogo",
    "logo",
    "headerTextColor",
    "alwaysKeepBrandColor",
    "brand",
    "ok",
    "notice",
    "disrupted",
    "down",
    "incidentHistoryFormat",
    "incidentPostsPerPage",
    "incidentMaxAgeYears",
    "disableIncidentHistory",
    "useRelativeTime",
    "skipSeconds",
    "enableLastMod",
    "disableComplexCalculations",
    "enableCustomHTML",
    "enableUptimeHistogram",
    "useLargeHeaderDesign",
    "disableDarkMode",
    "googleAnalytics",
    "monitorBot",
    "skin",
    "autoRefresh",
    // Hugo's own, read by its templates and by some themes.
    "author",
    "images",
];

/// Other keys that only Hugo reads, at the top.
pub(crate) const HUGO: [&str; 24] = [
    "theme",
    "languages",
    "taxonomies",
    "outputs",
    "outputFormats",
    "mediaTypes",
    "markup",
    "publishDir",
    "enableGitInfo",
    "preserveTaxonomyNames",
    "permalinks",
    "pagination",
    "paginate",
    "staticDir",
    "dataDir",
    "buildDrafts",
    "buildExpired",
    "relativeURLs",
    "canonifyURLs",
    "enableEmoji",
    "enableRobotsTXT",
    "hasCJKLanguage",
    "summaryLength",
    "disableKinds",
];

/// Keys of a system.
pub(crate) const SYSTEM: [&str; 7] = [
    "name",
    "category",
    "description",
    "displayName",
    "link",
    "histogram",
    "partial",
];
/// Keys of a category.
pub(crate) const CATEGORY: [&str; 4] = ["name", "description", "closed", "untitled"];
/// Keys of a tab.
pub(crate) const TAB: [&str; 3] = ["name", "link", "description"];

/// Keys that do nothing here, the values that ask for nothing, and the way out.
pub(crate) const UNSUPPORTED: [(&str, &[&str], &str); 10] = [
    (
        "dateFormat",
        &["January 2, 2006 at 3:04 PM"],
        "critwatch writes dates in the words of the page's language, in the visitor's own zone",
    ),
    (
        "shortDateFormat",
        &["15:04 — Jan 2"],
        "critwatch writes dates in the words of the page's language, in the visitor's own zone",
    ),
    (
        "useRelativeTime",
        &["false"],
        "critwatch says when something was, and how long what goes on lasts",
    ),
    (
        "googleAnalytics",
        &["UA-00000000-1", "false"],
        "critwatch counts no visitors and loads nothing from others; count them in the log of your proxy",
    ),
    (
        "monitorBot",
        &["false"],
        "visitors subscribe to critwatch itself; delete the key",
    ),
    (
        "skin",
        &["modern"],
        "critwatch has one look; choose its colours with `brand`, `ok` and the like",
    ),
    (
        "autoRefresh",
        &["false"],
        "cState 4 removed it; delete the key",
    ),
    (
        "disableDarkMode",
        &["false"],
        "critwatch follows the browser's choice of light or dark",
    ),
    (
        "enableUptimeHistogram",
        &["true"],
        "critwatch always shows the uptime that it measured",
    ),
    (
        "useLargeHeaderDesign",
        &["false"],
        "critwatch has one kind of header",
    ),
];
