//! The checks: each takes a translated template and says in words what is wrong with it.

use serde_json::Value;

pub mod addresses;
pub mod alarms;
pub mod data;
pub mod functions;
pub mod permissions;
pub mod queues;
pub mod routes;
pub mod secrets;
pub mod triggers;

pub type Check = fn(&Value) -> Vec<String>;

/// All of them by name.
pub const ALL: [(&str, Check); 29] = [
    ("visibility", queues::visibility),
    ("dead letters", queues::dead_letters),
    ("encrypted queues", queues::encrypted),
    ("queues over TLS", queues::over_tls),
    ("dead letter alarms", alarms::dead_letters),
    ("waiting alarms", alarms::waiting),
    ("error alarms", alarms::errors),
    ("failed answer alarms", alarms::failed_answers),
    ("alarm actions", alarms::actions),
    ("counted log lines", alarms::log_lines),
    ("function roles", functions::roles),
    ("log groups", functions::log_groups),
    ("managed policies", functions::managed_policies),
    ("timeouts", functions::timeouts),
    ("secrets in variables", secrets::variables),
    ("resolved secrets", secrets::resolved),
    ("one action a statement", permissions::one_action),
    ("stars", permissions::stars),
    ("scans", permissions::scans),
    ("decryption", permissions::decryption),
    ("closed routes", routes::closed),
    ("scopes", routes::scopes),
    ("throttling and access logs", routes::stage),
    ("event source mappings", triggers::mappings),
    ("tick", triggers::tick),
    ("tables", data::tables),
    ("kept", data::kept),
    ("key rotation", data::rotation),
    ("addresses in clear", addresses::in_clear),
];
