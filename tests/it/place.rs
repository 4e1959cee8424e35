//! A folder with settings and incidents, in which the program is run.

use std::collections::BTreeMap;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::world::PROGRAM;

const SETTINGS: &str = "[site]\ntitle = 'Dice'\n[[component]]\nid = 'api'\nname = 'API'\n\
    [[component]]\nid = 'roll-queue'\nname = 'Roll queue'\n\
    [[notifier]]\nid = 'd'\ntype = 'discord'\nwebhook = '${NO_SUCH_SECRET}'\n";

/// A folder with settings and incidents, and the program run in it.
pub(crate) struct Place {
    folder: tempfile::TempDir,
}

/// What the program did.
pub(crate) struct Done {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) said: String,
}

impl Place {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("alerts.toml"), SETTINGS).unwrap();
        std::fs::create_dir(folder.path().join("incidents")).unwrap();
        Self { folder }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Done {
        self.run_with(arguments, "", None)
    }

    pub(crate) fn run_with(&self, arguments: &[&str], piped: &str, editor: Option<&Path>) -> Done {
        Self::run_in(self.command(arguments, editor), piped)
    }

    /// Runs it as somebody.
    pub(crate) fn run_as(&self, user: &str, arguments: &[&str]) -> Done {
        let mut command = self.command(arguments, None);
        command.env("USER", user);
        Self::run_in(command, "")
    }

    fn command(&self, arguments: &[&str], editor: Option<&Path>) -> Command {
        let mut command = Command::new(PROGRAM);
        for name in ["VISUAL", "EDITOR", "USER", "LOGNAME", "CRITWATCH_BY"] {
            command.env_remove(name);
        }
        command
            .args(arguments)
            .current_dir(self.folder.path())
            .envs(editor.map(|path| ("EDITOR", path)))
            .env("TMPDIR", self.folder.path());
        command
    }

    fn run_in(mut command: Command, piped: &str) -> Done {
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // Who needs no text does not wait for it.
        let _ = child.stdin.take().unwrap().write_all(piped.as_bytes());
        let output = child.wait_with_output().unwrap();
        Done {
            code: output.status.code().unwrap(),
            out: String::from_utf8(output.stdout).unwrap(),
            said: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Runs what must succeed and reads its JSON.
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let done = self.run(&[arguments, &["--format", "json"]].concat());
        assert_eq!(done.code, 0, "{arguments:?}: {}", done.said);
        serde_json::from_str(&done.out).unwrap()
    }

    pub(crate) fn write(&self, file: &str, text: &str) {
        std::fs::write(self.path("incidents").join(file), text).unwrap();
    }

    pub(crate) fn read(&self, file: &str) -> String {
        std::fs::read_to_string(self.path("incidents").join(file)).unwrap()
    }

    pub(crate) fn files(&self) -> BTreeMap<String, String> {
        let files = std::fs::read_dir(self.path("incidents")).unwrap();
        files
            .map(|file| file.unwrap().file_name().into_string().unwrap())
            .map(|name| (name.clone(), self.read(&name)))
            .collect()
    }

    pub(crate) fn editor(&self, script: &str) -> PathBuf {
        use std::os::unix::fs::PermissionsExt as _;
        let path = self.path("editor.sh");
        std::fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o755)).unwrap();
        path
    }
}

/// The words of a command line, written with `|` between them.
pub(crate) fn words(line: &str) -> Vec<&str> {
    line.split('|').collect()
}
