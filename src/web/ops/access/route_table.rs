//! Every route of the operators' listener, and what it takes to use it.
//!
//! A route that is not here answers nobody.

use axum::http::Method;

use crate::model::access::Scope::{self, Admin, Push, Read, Write};

/// What it takes to use a route.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Requirement {
    /// Nothing: whoever watches us needs no token, and a login has its own checks.
    Nothing,
    /// The scope, as soon as anybody could have it; until then, nothing.
    OnceLocked(Scope),
    /// The scope; until anybody could have it, nobody gets in.
    Always(Scope),
}

use Requirement::{Always, Nothing, OnceLocked};

/// One way to use a route.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct OpsRoute {
    /// The address, as the router has it.
    pub(crate) path: &'static str,
    /// `GET` stands for `HEAD`, too.
    pub(crate) method: Method,
    /// What it takes.
    pub(crate) requirement: Requirement,
}

const fn get(path: &'static str, requirement: Requirement) -> OpsRoute {
    by(Method::GET, path, requirement)
}

const fn post(path: &'static str, requirement: Requirement) -> OpsRoute {
    by(Method::POST, path, requirement)
}

const fn by(method: Method, path: &'static str, requirement: Requirement) -> OpsRoute {
    OpsRoute {
        path,
        method,
        requirement,
    }
}

/// All of them.
pub(crate) const ROUTES: &[OpsRoute] = &[
    get("/-/healthy", Nothing),
    get("/-/ready", Nothing),
    get("/metrics", Nothing),
    get("/login", Nothing),
    post("/login", Nothing),
    post("/logout", Nothing),
    get("/login/openid", Nothing),
    get("/login/callback", Nothing),
    get("/style.css", Nothing),
    get("/console.js", Nothing),
    // Both lead to the console.
    get("/", Nothing),
    get("/console", Nothing),
    // Its signature proves who sends it.
    post("/webhook/git", Nothing),
    get("/console/", Always(Read)),
    get("/console/rules", Always(Read)),
    get("/console/rules/{id}", Always(Read)),
    get("/console/rules/{id}/try", Always(Read)),
    get("/console/explore", Always(Read)),
    get("/console/incidents", Always(Read)),
    get("/console/incidents/new", Always(Write)),
    post("/console/incidents/new", Always(Write)),
    get("/console/incidents/{id}", Always(Read)),
    get("/console/incidents/{id}/{act}", Always(Write)),
    post("/console/incidents/{id}/{act}", Always(Write)),
    get("/console/maintenance", Always(Read)),
    get("/console/maintenance/new", Always(Write)),
    post("/console/maintenance/new", Always(Write)),
    get("/console/silences", Always(Read)),
    get("/console/silences/new", Always(Write)),
    post("/console/silences/new", Always(Write)),
    get("/console/silences/{id}", Always(Write)),
    post("/console/silences/{id}", Always(Write)),
    post("/console/silences/{id}/end", Always(Write)),
    get("/console/events", Always(Read)),
    post("/console/events", Always(Write)),
    get("/console/subscribers", Always(Admin)),
    post("/console/subscribers", Always(Admin)),
    get("/console/deliveries", Always(Read)),
    post("/console/deliveries/{id}/resend", Always(Write)),
    get("/console/settings", Always(Read)),
    post("/console/settings/reload", Always(Admin)),
    get("/console/audit", Always(Admin)),
    get("/federate", OnceLocked(Read)),
    get("/api/v1/query", OnceLocked(Read)),
    post("/api/v1/query", OnceLocked(Read)),
    get("/api/v1/query_range", OnceLocked(Read)),
    post("/api/v1/query_range", OnceLocked(Read)),
    get("/api/v1/labels", OnceLocked(Read)),
    post("/api/v1/labels", OnceLocked(Read)),
    get("/api/v1/label/{name}/values", OnceLocked(Read)),
    get("/api/v1/series", OnceLocked(Read)),
    post("/api/v1/series", OnceLocked(Read)),
    get("/api/v1/state", OnceLocked(Read)),
    get("/api/v1/notifications", OnceLocked(Read)),
    get("/api/v2/alerts", OnceLocked(Read)),
    get("/api/v2/alerts/groups", OnceLocked(Read)),
    get("/api/v2/receivers", OnceLocked(Read)),
    get("/api/v2/status", OnceLocked(Read)),
    post("/api/v1/heartbeat/{name}", OnceLocked(Push)),
    post("/api/v2/alerts", OnceLocked(Push)),
    post("/webhook/alertmanager", OnceLocked(Push)),
    post("/webhook/grafana", OnceLocked(Push)),
    post("/-/reload", OnceLocked(Admin)),
    get("/api/v1/events", Always(Read)),
    get("/api/v1/incidents", Always(Read)),
    get("/api/v1/silences", Always(Read)),
    get("/api/v1/silence/{id}", Always(Read)),
    get("/api/v2/silences", Always(Read)),
    get("/api/v2/silence/{id}", Always(Read)),
    post("/api/v1/events", Always(Write)),
    post("/api/v1/silences", Always(Write)),
    by(Method::DELETE, "/api/v1/silence/{id}", Always(Write)),
    post("/api/v2/silences", Always(Write)),
    by(Method::DELETE, "/api/v2/silence/{id}", Always(Write)),
    post("/api/v1/notifications/{id}/resend", Always(Write)),
    get("/api/v1/audit", Always(Admin)),
    get("/api/v1/openapi.json", Always(Read)),
    get("/api/v1/incidents/{id}", Always(Read)),
    get("/api/v1/incidents/{id}/file", Always(Read)),
    get("/api/v1/maintenance", Always(Read)),
    get("/api/v1/maintenance/{id}", Always(Read)),
    get("/api/v1/components", Always(Read)),
    get("/api/v1/components/{id}", Always(Read)),
    post("/api/v1/incidents", Always(Write)),
    post("/api/v1/incidents/{id}/updates", Always(Write)),
    post("/api/v1/incidents/{id}/resolve", Always(Write)),
    post("/api/v1/incidents/{id}/reopen", Always(Write)),
    post("/api/v1/incidents/{id}/withdraw", Always(Write)),
    post("/api/v1/incidents/{id}/publish", Always(Write)),
    post("/api/v1/incidents/{id}/accept", Always(Write)),
    post("/api/v1/maintenance", Always(Write)),
    post("/api/v1/maintenance/{id}/extend", Always(Write)),
    post("/api/v1/maintenance/{id}/end", Always(Write)),
    post("/api/v1/maintenance/{id}/cancel", Always(Write)),
    by(Method::PATCH, "/api/v1/incidents/{id}", Always(Write)),
    by(Method::DELETE, "/api/v1/incidents/{id}", Always(Write)),
    by(Method::PUT, "/api/v1/incidents/{id}/file", Always(Write)),
    by(
        Method::PUT,
        "/api/v1/incidents/{id}/post-mortem",
        Always(Write),
    ),
    by(
        Method::PATCH,
        "/api/v1/incidents/{id}/updates/{update}",
        Always(Write),
    ),
    by(Method::PUT, "/api/v1/components/{id}/state", Always(Write)),
    get("/api/v1/subscribers", Always(Admin)),
    post("/api/v1/subscribers", Always(Admin)),
    get("/api/v1/subscribers/{address}", Always(Admin)),
    by(
        Method::DELETE,
        "/api/v1/subscribers/{address}",
        Always(Admin),
    ),
    get("/v1/pages/{page}", Always(Read)),
    get("/v1/pages/{page}/incidents", Always(Read)),
    get("/v1/pages/{page}/incidents.json", Always(Read)),
    get("/v1/pages/{page}/incidents/{id}", Always(Read)),
    get("/v1/pages/{page}/components", Always(Read)),
    get("/v1/pages/{page}/components.json", Always(Read)),
    get("/v1/pages/{page}/components/{id}", Always(Read)),
    get("/v1/pages/{page}/component-groups", Always(Read)),
    get("/v1/pages/{page}/component-groups.json", Always(Read)),
    post("/v1/pages/{page}/incidents", Always(Write)),
    post("/v1/pages/{page}/incidents.json", Always(Write)),
    post("/v1/pages/{page}/components", Always(Write)),
    post("/v1/pages/{page}/components.json", Always(Write)),
    by(Method::PUT, "/v1/pages/{page}/components", Always(Write)),
    by(
        Method::PUT,
        "/v1/pages/{page}/components.json",
        Always(Write),
    ),
    by(
        Method::PATCH,
        "/v1/pages/{page}/incidents/{id}",
        Always(Write),
    ),
    by(
        Method::PUT,
        "/v1/pages/{page}/incidents/{id}",
        Always(Write),
    ),
    by(
        Method::DELETE,
        "/v1/pages/{page}/incidents/{id}",
        Always(Write),
    ),
    by(
        Method::PATCH,
        "/v1/pages/{page}/components/{id}",
        Always(Write),
    ),
    by(
        Method::PUT,
        "/v1/pages/{page}/components/{id}",
        Always(Write),
    ),
    by(
        Method::DELETE,
        "/v1/pages/{page}/components/{id}",
        Always(Write),
    ),
    by(
        Method::PATCH,
        "/v1/pages/{page}/incidents/{id}/incident_updates/{update}",
        Always(Write),
    ),
    by(
        Method::PUT,
        "/v1/pages/{page}/incidents/{id}/incident_updates/{update}",
        Always(Write),
    ),
];

/// The ways to use the address that the router matched.
pub(crate) fn of(path: &str) -> Vec<&'static OpsRoute> {
    ROUTES.iter().filter(|route| route.path == path).collect()
}

/// What a method of one of these ways takes; `None` if there is no such way.
pub(crate) fn requirement(ways: &[&OpsRoute], method: &Method) -> Option<Requirement> {
    let method = if method == Method::HEAD {
        &Method::GET
    } else {
        method
    };
    let way = ways.iter().find(|way| way.method == *method)?;
    Some(way.requirement)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// What every room of the listener hands to the router, read from its text.
    const SOURCES: [&str; 15] = [
        include_str!("../mod.rs"),
        include_str!("../health.rs"),
        include_str!("../state.rs"),
        include_str!("../notifications.rs"),
        include_str!("../reload.rs"),
        include_str!("../audit.rs"),
        include_str!("../git_webhook.rs"),
        include_str!("../api/mod.rs"),
        include_str!("../console/mod.rs"),
        include_str!("../console/incidents/mod.rs"),
        include_str!("../console/silences/mod.rs"),
        include_str!("../prometheus/mod.rs"),
        include_str!("../statuspage/mod.rs"),
        include_str!("browser/login.rs"),
        include_str!("../../formats/federate/mod.rs"),
    ];

    #[test]
    fn the_table_has_every_route_of_the_router_and_no_other() {
        let mut routed = BTreeSet::new();
        for source in SOURCES {
            for part in source.split(".route(").skip(1) {
                routed.insert(part.split('"').nth(1).unwrap());
            }
        }
        let listed: BTreeSet<_> = ROUTES.iter().map(|route| route.path).collect();
        assert_eq!(routed, listed);
    }

    #[test]
    fn a_way_is_listed_once_and_head_is_get() {
        for (at, route) in ROUTES.iter().enumerate() {
            let same = |other: &&OpsRoute| other.path == route.path && other.method == route.method;
            assert_eq!(
                ROUTES.iter().position(|other| same(&other)),
                Some(at),
                "{route:?}"
            );
        }
        let ways = of("/api/v2/alerts");
        assert_eq!(requirement(&ways, &Method::HEAD), Some(OnceLocked(Read)));
        assert_eq!(requirement(&ways, &Method::POST), Some(OnceLocked(Push)));
        assert_eq!(requirement(&ways, &Method::PUT), None);
        assert!(of("/nothing").is_empty());
    }
}
