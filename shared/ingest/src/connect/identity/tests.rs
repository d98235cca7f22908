use super::*;

fn users(ids: &[&str], slugs: &[&str]) -> UsersPage {
    let user = |id: &&str| DirectoryUser {
        id: (*id).into(),
        emails: Vec::new(),
    };
    UsersPage {
        users: ids.iter().map(user).collect(),
        company_slugs: slugs.iter().map(|&slug| slug.into()).collect(),
        cursor: None,
    }
}

fn texts(all: &[String]) -> Vec<&str> {
    all.iter().map(String::as_str).collect()
}

fn identity(workspaces: &[&str], names: &[&str], users: UsersPage) -> Identity {
    let workspaces = workspaces
        .iter()
        .map(|id| WorkspaceFingerprint::workspace(id));
    let names = names.iter().map(|&name| name.into()).collect();
    identify(workspaces.collect(), names, users)
}

#[test]
fn a_company_is_told_by_its_workspaces_slugs_and_users() {
    for (name, workspaces, users, fingerprints) in [
        ("nothing can be read", &[][..], users(&[], &[]), &[][..]),
        ("a workspace", &["5"], users(&[], &[]), &["workspace:5"]),
        ("a user", &[], users(&["7"], &[]), &["user:7"]),
        (
            "a slug",
            &[],
            users(&[], &["us-1.join.gong.example/acme"]),
            &["slug:us-1.join.gong.example/acme"],
        ),
        (
            "one of each, with the same number",
            &["7"],
            users(&["7"], &["us-1.join.gong.example/7"]),
            &["slug:us-1.join.gong.example/7", "user:7", "workspace:7"],
        ),
        (
            "the same again and again",
            &["5", "5"],
            users(
                &["7", "7"],
                &["eu.join.gong.example/acme", "eu.join.gong.example/acme"],
            ),
            &["slug:eu.join.gong.example/acme", "user:7", "workspace:5"],
        ),
        (
            "one name on two hosts",
            &[],
            users(
                &[],
                &["eu.join.gong.example/acme", "us.join.gong.example/acme"],
            ),
            &[
                "slug:eu.join.gong.example/acme",
                "slug:us.join.gong.example/acme",
            ],
        ),
    ] {
        let found = identity(workspaces, &[], users).fingerprints;
        let found: Vec<_> = found.iter().map(WorkspaceFingerprint::as_str).collect();
        assert_eq!(found, fingerprints, "{name}");
    }
}

#[test]
fn a_connection_is_called_by_its_workspaces_or_by_the_companys_slug() {
    const ACME: &str = "us-1.join.gong.example/acme";
    for (name, names, slugs, called) in [
        ("nothing can be read", &[][..], &[][..], ""),
        ("a slug", &[], &[ACME], "acme"),
        ("a slug without a host", &[], &["acme"], "acme"),
        (
            "two slugs",
            &[],
            &[ACME, "us-1.join.gong.example/beta"],
            "acme, beta",
        ),
        (
            "one slug on two hosts",
            &[],
            &[ACME, "us-2.join.gong.example/acme"],
            "acme",
        ),
        ("a workspace's name", &["Fernhill"], &[], "Fernhill"),
        ("a name and a slug", &["Fernhill"], &[ACME], "Fernhill"),
        (
            "two names",
            &["Fernhill", "Harbour"],
            &[],
            "Fernhill, Harbour",
        ),
        ("a name twice", &["Fernhill", "Fernhill"], &[], "Fernhill"),
    ] {
        assert_eq!(
            identity(&["5"], names, users(&[], slugs)).name,
            called,
            "{name}"
        );
    }
}

#[test]
fn of_a_large_company_so_many_fingerprints_are_kept() {
    let numbered = |text: &str, count: usize| -> Vec<String> {
        (1..=count).map(|n| format!("{text}{n}")).collect()
    };
    for (name, workspaces, slugs, users_of, kept) in [
        ("a small one", 1, 1, 3, (1, 1, 3)),
        ("exactly as many users as are kept", 1, 1, 20, (1, 1, 20)),
        ("one more", 1, 1, 21, (1, 1, 20)),
        ("a thousand users", 1, 1, 1_000, (1, 1, 20)),
        ("many slugs", 1, 30, 5, (1, 10, 5)),
        ("many workspaces", 200, 0, 0, (80, 0, 0)),
        ("many of everything", 200, 30, 1_000, (50, 10, 20)),
    ] {
        let workspaces = numbered("", workspaces);
        let slugs = numbered("us-1.join.gong.example/acme", slugs);
        let ids = numbered("", users_of);
        let page = users(&texts(&ids), &texts(&slugs));
        let found = identity(&texts(&workspaces), &[], page).fingerprints;
        let count = |kind: &str| {
            found
                .iter()
                .filter(|f| f.as_str().starts_with(kind))
                .count()
        };
        assert_eq!(
            (count("workspace:"), count("slug:"), count("user:")),
            kept,
            "{name}"
        );
        assert!(found.len() <= MAX_FINGERPRINTS, "{name}");
    }
}

#[test]
fn the_lowest_user_ids_are_kept_by_their_number() {
    let twenty: Vec<String> = (100..120).map(|n| n.to_string()).collect();
    for (name, more, kept, dropped) in [
        ("a shorter one", "9", "user:9", "user:119"),
        (
            "a lower one of the same length",
            "099",
            "user:099",
            "user:119",
        ),
        ("a higher one", "120", "user:119", "user:120"),
        (
            "a longer one that begins lower",
            "1000",
            "user:119",
            "user:1000",
        ),
        (
            "one of twenty digits",
            "98765432109876543210",
            "user:119",
            "user:98765432109876543210",
        ),
    ] {
        let mut ids = texts(&twenty);
        ids.insert(7, more);
        let found = identity(&[], &[], users(&ids, &[])).fingerprints;
        let found: Vec<_> = found.iter().map(WorkspaceFingerprint::as_str).collect();
        assert!(found.contains(&kept), "{name}: {found:?}");
        assert!(!found.contains(&dropped), "{name}: {found:?}");
    }
}

#[test]
fn the_users_are_a_directory_when_one_page_holds_them_all() {
    for (cursor, whole) in [(None, true), (Some("next"), false)] {
        let page = UsersPage {
            cursor: cursor.map(Into::into),
            ..users(&["7", "8"], &[])
        };
        let known = identity(&[], &[], page).directory.map(|users| users.len());
        assert_eq!(known, whole.then_some(2), "{cursor:?}");
    }
}
